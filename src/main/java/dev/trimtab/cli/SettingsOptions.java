package dev.trimtab.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the policy and the configuration of Knative and KServe are. */
final class SettingsOptions {
    @Option(
            names = "--trimtab-namespace",
            defaultValue = "trimtab",
            paramLabel = "NAMESPACE",
            description = "Where the policy is. Default: ${DEFAULT-VALUE}.")
    private String trimtab;

    @Mixin
    private KnativeOption knative;

    @Option(
            names = "--kserve-namespace",
            defaultValue = "kserve",
            paramLabel = "NAMESPACE",
            description = "Where KServe's ConfigMap is. Default: ${DEFAULT-VALUE}.")
    private String kserve;

    String trimtab() {
        return trimtab;
    }

    String kserve() {
        return kserve;
    }

    String knative() {
        return knative.namespace();
    }
}
