package dev.trimtab.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Namespaces of the policy and of the configuration of Knative and KServe. */
public final class SettingsOptions {
    @Option(
            names = "--trimtab-namespace",
            defaultValue = "trimtab",
            paramLabel = "NAMESPACE",
            description = "Namespace of the policy. Default: ${DEFAULT-VALUE}.")
    private String trimtab;

    @Mixin
    private KnativeOption knative;

    @Option(
            names = "--kserve-namespace",
            defaultValue = "kserve",
            paramLabel = "NAMESPACE",
            description = "Namespace of KServe's ConfigMap. Default: ${DEFAULT-VALUE}.")
    private String kserve;

    public String trimtab() {
        return trimtab;
    }

    public String kserve() {
        return kserve;
    }

    public String knative() {
        return knative.namespace();
    }

    public static final class KnativeOption {
        @Option(
                names = "--knative-namespace",
                defaultValue = "knative-serving",
                paramLabel = "NAMESPACE",
                description = "Namespace of Knative's ConfigMaps. Default: ${DEFAULT-VALUE}.")
        private String namespace;

        public String namespace() {
            return namespace;
        }
    }
}
