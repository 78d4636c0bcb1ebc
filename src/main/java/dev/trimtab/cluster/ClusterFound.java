package dev.trimtab.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Fired at start, where there is a cluster to work on. */
public record ClusterFound(KubernetesClient client) {}
