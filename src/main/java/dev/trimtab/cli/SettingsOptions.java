package dev.trimtab.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the policy and Knative's configuration are. */
final class SettingsOptions {
    @Option(
            names = "--trimtab-namespace",
            defaultValue = "trimtab",
            paramLabel = "NAMESPACE",
            description = "Where the policy is. Default: ${DEFAULT-VALUE}.")
    private String trimtab;

    @Mixin
    private KnativeOption knative;

    String trimtab() {
        return trimtab;
    }

    String knative() {
        return knative.namespace();
    }
}
