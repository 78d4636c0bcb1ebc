package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.print.TestedVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether Trimtab works with the versions of Kubernetes, Knative, KServe and cert-manager, and whether CI runs them. */
final class VersionsCheck implements Check {
    private static final String LABEL = "app.kubernetes.io/version";
    private static final String PAGE = "docs/upgrade-and-removal.md";

    @Override
    public String name() {
        return "versions";
    }

    @Override
    public String about() {
        return "Kubernetes, Knative, KServe and cert-manager are new enough, and not newer than what CI runs";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>();
        findings.add(cluster.unread(Source.VERSION)
                .map(it -> Finding.unchecked("Kubernetes", it))
                .orElseGet(() -> judged(
                        TestedVersions.KUBERNETES,
                        cluster.value(Source.VERSION).path("gitVersion").asText(""))));
        of(cluster, TestedVersions.KNATIVE, Source.KNATIVE, label(cluster.value(Source.KNATIVE_CONFIG)))
                .ifPresent(findings::add);
        of(cluster, TestedVersions.KSERVE, Source.KSERVE, Optional.empty()).ifPresent(findings::add);
        of(cluster, TestedVersions.CERT_MANAGER, Source.CERT_MANAGER, Optional.empty())
                .ifPresent(findings::add);
        return findings;
    }

    /** @return empty if it is not installed */
    private static Optional<Finding> of(
            Observed cluster, TestedVersions product, Source deployments, Optional<String> otherwise) {
        Optional<String> unread = cluster.unread(deployments);
        List<JsonNode> found = cluster.items(deployments);
        if (unread.isPresent() && otherwise.isEmpty()) {
            return Optional.of(Finding.unchecked(product.product(), unread.get()));
        }
        if (found.isEmpty() && otherwise.isEmpty()) {
            return Optional.empty();
        }
        String version = Stream.concat(
                        found.stream().flatMap(it -> Stream.concat(label(it).stream(), tag(it))), otherwise.stream())
                .filter(it -> product.verdict(it) != TestedVersions.Verdict.UNKNOWN)
                .findFirst()
                .orElse("");
        return Optional.of(judged(product, version));
    }

    private static Optional<String> label(JsonNode object) {
        return Optional.ofNullable(
                object.path("metadata").path("labels").path(LABEL).textValue());
    }

    /** The tag of each image, such as {@code v0.20.0}. */
    private static Stream<String> tag(JsonNode deployment) {
        return Observed.stream(deployment.at("/spec/template/spec/containers"))
                .map(it -> it.path("image").asText().replaceAll("@.*", ""))
                .filter(it -> it.lastIndexOf(':') > it.lastIndexOf('/'))
                .map(it -> it.substring(it.lastIndexOf(':') + 1));
    }

    private static Finding judged(TestedVersions product, String version) {
        String runs =
                product.tested().isEmpty() ? "CI does not run it" : "CI runs " + String.join(", ", product.tested());
        String where = product.product();
        return switch (product.verdict(version)) {
            case UNKNOWN -> Finding.unchecked(where, "no label or image names its version; " + runs);
            case TOO_OLD ->
                Finding.problem(where, "is %s, and Trimtab needs %s".formatted(version, product.oldest()), PAGE);
            case NEWER -> Finding.warning(where, "is %s, newer than what CI runs; %s".formatted(version, runs), PAGE);
            case OLDER -> Finding.fine(where, "is %s, older than what CI runs; %s".formatted(version, runs));
            case KNOWN -> Finding.fine(where, "is %s; %s".formatted(version, runs));
        };
    }
}
