package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * kubectl's kustomize, on the folder {@code deploy} and on kustomizations as users write them.
 *
 * @param folder for the kustomization of a user
 */
record Kustomize(Path kubectl, Path folder) {
    private static final int KUBECTL_MINOR = 30;

    /** The test is skipped where there is no kubectl. */
    static Kustomize in(Path folder) {
        assumeTrue(Kubectl.FOUND.isPresent(), "no kubectl on the PATH or in KUBEBUILDER_ASSETS: nothing is built");
        assumeTrue(Kubectl.MINOR >= KUBECTL_MINOR, "kubectl is older than 1.30: nothing is built");
        return new Kustomize(Kubectl.FOUND.get(), folder);
    }

    /** Asked for its version once. */
    private static final class Kubectl {
        private static final Optional<Path> FOUND = Command.find("kubectl");
        private static final int MINOR = FOUND.map(Kubectl::minor).orElse(0);

        private static int minor(Path kubectl) {
            var version = Command.run(List.of(kubectl.toString(), "version", "--client", "-o", "json"));
            try {
                var minor = new ObjectMapper().readTree(version.output()).at("/clientVersion/minor");
                return Integer.parseInt(minor.asText().replaceAll("\\D.*", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Manifests build(Path kustomization) {
        var built = Command.run(List.of(kubectl.toString(), "kustomize", kustomization.toString()));
        assertThat(built.exitCode()).as(built.output()).isZero();
        return Manifests.parse(built.output());
    }

    /** The base with these components, in this order. */
    Manifests with(List<String> components) {
        return with(components, "");
    }

    /** The base with these components, moved to other namespaces by the component that does so. */
    Manifests movedTo(Namespaces namespaces, List<String> components) {
        return with(Stream.concat(components.stream(), Stream.of("namespaces")).toList(), """
                configMapGenerator:
                  - name: trimtab-namespaces
                    literals: [trimtab=%s, kserve=%s, knative=%s]
                    options:
                      disableNameSuffixHash: true
                      annotations:
                        config.kubernetes.io/local-config: "true"
                """.formatted(
                        namespaces.trimtab(), namespaces.kserve(), namespaces.knative()));
    }

    record Namespaces(String trimtab, String kserve, String knative) {}

    private Manifests with(List<String> components, String generators) {
        if (components.isEmpty()) {
            return build(Path.of("deploy", "webhook"));
        }
        var lines = components.stream().map(it -> "  - " + relative("components/" + it) + "\n");
        try {
            Files.writeString(folder.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    resources:
                      - %s
                    components:
                    %s%s""".formatted(
                            relative("webhook"), lines.collect(Collectors.joining()), generators));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build(folder);
    }

    private String relative(String path) {
        return folder.toAbsolutePath()
                .relativize(Path.of("deploy").resolve(path).toAbsolutePath())
                .toString();
    }
}
