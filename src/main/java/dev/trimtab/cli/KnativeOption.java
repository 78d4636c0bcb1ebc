package dev.trimtab.cli;

import picocli.CommandLine.Option;

/** Option {@code --knative-namespace}. */
final class KnativeOption {
    @Option(
            names = "--knative-namespace",
            defaultValue = "knative-serving",
            paramLabel = "NAMESPACE",
            description = "Where Knative's ConfigMaps are. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    String namespace() {
        return namespace;
    }
}
