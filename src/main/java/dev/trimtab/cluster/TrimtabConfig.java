package dev.trimtab.cluster;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of this process, from properties or environment variables ({@code TRIMTAB_POLICY_FILE}). */
@ConfigMapping(prefix = "trimtab")
public interface TrimtabConfig {
    /** {@code auto}: follow the cluster of this pod or of the kubeconfig, if there is one. {@code off}: follow none. */
    @WithDefault("auto")
    ClusterMode cluster();

    /** Trimtab's own namespace. It holds the policy, and Trimtab never changes objects in it. */
    @WithDefault("trimtab")
    String namespace();

    PolicyFile policy();

    Knative knative();

    Kserve kserve();

    Tls tls();

    Controller controller();

    /**
     * Who fills the Secret that the webhook's pods mount. {@code given}: somebody else, such as cert-manager.
     * {@code own}: the controller. It counts only where the controller is enabled.
     */
    @WithDefault("given")
    Certificates certificates();

    enum Certificates {
        GIVEN,
        OWN
    }

    interface Controller {
        /**
         * Whether this process takes part as a controller. Of all processes that do, one acts. Only the controller's
         * own Deployment sets this: a jar started by hand with an admin's kubeconfig must not act on a cluster.
         */
        @WithDefault("false")
        boolean enabled();
    }

    enum ClusterMode {
        AUTO,
        OFF
    }

    /** Used only without a cluster. */
    interface PolicyFile {
        /** File with a policy, or with a ConfigMap that holds one. */
        Optional<Path> file();
    }

    interface Knative {
        @WithDefault("knative-serving")
        String namespace();

        /** Files with Knative's ConfigMaps, used only without a cluster. */
        Optional<List<Path>> files();
    }

    interface Kserve {
        @WithDefault("kserve")
        String namespace();

        /** File with KServe's ConfigMap, used only without a cluster. */
        Optional<Path> file();
    }

    /** The webhook's certificate. If none is set, Trimtab makes a self-signed one at start. */
    interface Tls {
        /** PEM file with the certificate, followed by its chain if there is one. */
        Optional<Path> certificate();

        /** PEM file with the private key, PKCS#8 or PKCS#1. */
        Optional<Path> key();
    }
}
