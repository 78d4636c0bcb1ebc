package dev.trimtab.cluster;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings of one running Trimtab, from properties or environment ({@code TRIMTAB_POLICY_FILE}). */
@ConfigMapping(prefix = "trimtab")
public interface TrimtabConfig {
    /** {@code auto}: a cluster if there is one to reach (inside a pod, or by kubeconfig); {@code off}: never. */
    @WithDefault("auto")
    ClusterMode cluster();

    /** Trimtab's own namespace: where the policy is, and where nothing is ever changed. */
    @WithDefault("trimtab")
    String namespace();

    PolicyFile policy();

    Knative knative();

    Kserve kserve();

    Tls tls();

    Controller controller();

    /** What stops and starts services. */
    interface Controller {
        /**
         * Whether this process takes part; of all that do, one acts. Only the controller's own Deployment says so: a jar that
         * is started by hand, with an admin's kubeconfig, must not act on a cluster.
         */
        @WithDefault("false")
        boolean enabled();
    }

    /** Whether to look for a cluster. */
    enum ClusterMode {
        AUTO,
        OFF
    }

    /** The policy without a cluster. */
    interface PolicyFile {
        /** A policy, or a ConfigMap that holds one. */
        Optional<Path> file();
    }

    /** Where Knative's configuration comes from. */
    interface Knative {
        /** Namespace of Knative's ConfigMaps. */
        @WithDefault("knative-serving")
        String namespace();

        /** Without a cluster: files with Knative's ConfigMaps. */
        Optional<List<Path>> files();
    }

    /** Where KServe's configuration comes from. */
    interface Kserve {
        /** Namespace of KServe's ConfigMap. */
        @WithDefault("kserve")
        String namespace();

        /** Without a cluster: a file with KServe's ConfigMap. */
        Optional<Path> file();
    }

    /** The webhook's certificate; self-signed on the spot where none is set. */
    interface Tls {
        /** PEM file with the certificate, and the chain behind it if there is one. */
        Optional<Path> certificate();

        /** PEM file with its private key, PKCS#8 or PKCS#1. */
        Optional<Path> key();
    }
}
