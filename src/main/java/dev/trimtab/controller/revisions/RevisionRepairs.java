package dev.trimtab.controller.revisions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.RevisionRepair;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes Revisions legal again after the cluster's {@code config-autoscaler} was tightened. */
public final class RevisionRepairs {
    private static final int ATTEMPTS = 5;

    private final RawClient objects;
    private final Predicate<String> excludedNamespaces;
    private final RepairListener listener;

    /** @param excludedNamespaces tested only for Revisions that would be patched */
    public RevisionRepairs(KubernetesClient client, Predicate<String> excludedNamespaces, RepairListener listener) {
        this(new RawClient(client), excludedNamespaces, listener);
    }

    RevisionRepairs(RawClient objects, Predicate<String> excludedNamespaces, RepairListener listener) {
        this.objects = objects;
        this.excludedNamespaces = excludedNamespaces;
        this.listener = listener;
    }

    /**
     * May be called again at any time.
     *
     * @return number of patched Revisions
     * @throws KubernetesClientException if the API server is away, also between two patches; the next call finds the
     *     rest
     */
    public int run(KnativeConfig cluster) {
        int repaired = 0;
        for (Manifest revision : illegal(cluster.autoscaler())) {
            repaired += repair(revision, cluster.autoscaler()) ? 1 : 0;
        }
        return repaired;
    }

    /** Lists all before the first patch, because a long list expires. Few of a cluster's Revisions are illegal. */
    private List<Manifest> illegal(AutoscalerConfig cluster) {
        List<Manifest> illegal = new ArrayList<>();
        objects.each(ResourceKind.REVISION, "", "", item -> {
            if (item instanceof ObjectNode object
                    && repairOf(new Manifest(object), cluster).isPresent()) {
                illegal.add(new Manifest(object));
            }
        });
        return illegal;
    }

    private Optional<RevisionRepair> repairOf(Manifest revision, AutoscalerConfig cluster) {
        return revision.isIgnored()
                ? Optional.empty()
                : RevisionRepair.of(revision, cluster).filter(it -> !excludedNamespaces.test(revision.namespace()));
    }

    private boolean repair(Manifest listed, AutoscalerConfig cluster) {
        Optional<Manifest> revision = Optional.of(listed);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Manifest now = revision.get();
            Optional<RevisionRepair> repair = repairOf(now, cluster);
            if (repair.isEmpty()) {
                // Another client has repaired it, or it is ignored now.
                return false;
            }
            try {
                objects.patch(
                        ResourceKind.REVISION,
                        now.namespace(),
                        now.name(),
                        repair.get().patch(),
                        RawClient.FIELD_MANAGER);
                listener.repaired(now, repair.get().reason());
                return true;
            } catch (KubernetesClientException problem) {
                Optional<String> why = ApiProblem.refusal(problem, () -> isOutdated(now));
                if (why.isPresent()) {
                    listener.refused(now, why.get());
                    return false;
                }
            }
            revision = objects.find(ResourceKind.REVISION, now.namespace(), now.name())
                    .map(Manifest::new);
            if (revision.isEmpty()) {
                return false;
            }
        }
        listener.refused(listed, "another client changed it each time");
        return false;
    }

    private boolean isOutdated(Manifest revision) {
        String version = revision.metadata().path("resourceVersion").asText("");
        return objects.isOutdated(ResourceKind.REVISION, revision.namespace(), revision.name(), version);
    }

    public interface RepairListener {
        void repaired(Manifest revision, String reason);

        /** @param why one line, mostly the cluster's message */
        void refused(Manifest revision, String why);
    }
}
