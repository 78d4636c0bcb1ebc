package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.knative.validation.MetadataRules.DurationAnnotation;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Checks {@code spec.template.metadata} as Knative does (pkg/apis/serving/v1/revision_validation.go). */
final class TemplateRules {
    private static final String NETWORKING = "networking.knative.dev";
    /** The keys that knative.dev/networking allows in a template. */
    private static final Set<String> NETWORKING_KEYS = Set.of(
            NETWORKING + "/ingress.class",
            NETWORKING + "/ingress-class",
            NETWORKING + "/certificate.class",
            NETWORKING + "/certificate-class",
            NETWORKING + "/disableAutoTLS",
            NETWORKING + "/disable-auto-tls",
            NETWORKING + "/disable-external-domain-tls",
            NETWORKING + "/httpOption",
            NETWORKING + "/http-protocol");

    private static final String SIDECAR = "queue.sidecar.serving.knative.dev/";
    private static final List<String> SIDECAR_PERCENTAGE =
            List.of(SIDECAR + "resource-percentage", SIDECAR + "resourcePercentage");
    private static final List<String> SIDECAR_RESOURCES = List.of(
            SIDECAR + "cpu-resource-request",
            SIDECAR + "cpu-resource-limit",
            SIDECAR + "memory-resource-request",
            SIDECAR + "memory-resource-limit",
            SIDECAR + "ephemeral-storage-resource-request",
            SIDECAR + "ephemeral-storage-resource-limit");

    private TemplateRules() {}

    /** Paths are relative to the template. */
    static List<FieldProblem> check(JsonNode template, JsonNode serviceMetadata, AutoscalerConfig config) {
        JsonNode metadata = Fields.at(template, "metadata");
        JsonNode annotations = Fields.at(metadata, "annotations");
        List<FieldProblem> problems = new ArrayList<>(AnnotationRules.check(annotations, config));
        problems.addAll(checkNetworking(annotations));
        problems.addAll(checkSidecar(annotations));
        problems.addAll(DurationAnnotation.PROGRESS_DEADLINE.check(annotations));
        List<FieldProblem> all = new ArrayList<>(FieldProblem.under("metadata.annotations", problems));
        checkRevisionName(metadata, serviceMetadata).ifPresent(all::add);
        return all;
    }

    private static List<FieldProblem> checkNetworking(JsonNode annotations) {
        return annotations.properties().stream()
                .filter(entry -> entry.getKey().startsWith(NETWORKING) && !NETWORKING_KEYS.contains(entry.getKey()))
                .map(entry -> FieldProblem.invalidKey(entry.getKey()))
                .toList();
    }

    private static List<FieldProblem> checkSidecar(JsonNode annotations) {
        List<FieldProblem> problems = new ArrayList<>();
        ScaleAnnotation.Found.first(annotations, SIDECAR_PERCENTAGE).ifPresent(found -> {
            OptionalDouble percentage = GoParsing.float64(found.value());
            String path = "[" + found.key() + "]";
            if (percentage.isEmpty()) {
                problems.add(FieldProblem.invalidValue(found.value(), path));
            } else if (percentage.getAsDouble() < 0.1 || percentage.getAsDouble() > 100) {
                problems.add(FieldProblem.outOfBounds(found.value(), "0.1", 100, path));
            }
        });
        for (String key : SIDECAR_RESOURCES) {
            ScaleAnnotation.Found.first(annotations, List.of(key))
                    .filter(found -> !Quantities.isQuantity(found.value()))
                    .ifPresent(found -> problems.add(FieldProblem.invalidValue(found.value(), "[" + key + "]")));
        }
        return problems;
    }

    /** A revision's name must begin with the Service's name. It is refused if that name is generated. */
    private static Optional<FieldProblem> checkRevisionName(JsonNode metadata, JsonNode serviceMetadata) {
        String generateName = Fields.text(metadata, "generateName");
        Optional<String> objection = generateName.isEmpty() ? Optional.empty() : DnsLabel.prefixObjection(generateName);
        if (objection.isPresent()) {
            return Optional.of(FieldProblem.invalidValue(
                    "not a DNS 1035 label prefix: " + objection.get(), "metadata.generateName"));
        }
        String name = Fields.text(metadata, "name");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        objection = DnsLabel.objection(name);
        if (objection.isPresent()) {
            return Optional.of(FieldProblem.invalidValue("not a DNS 1035 label: " + objection.get(), "metadata.name"));
        }
        String service = Fields.text(serviceMetadata, "name");
        if (service.isEmpty() && !Fields.text(serviceMetadata, "generateName").isEmpty()) {
            return Optional.of(FieldProblem.disallowed("metadata.name"));
        }
        String prefix = service + "-";
        if (name.startsWith(prefix)) {
            return Optional.empty();
        }
        return Optional.of(FieldProblem.invalidValue(
                GoParsing.quote(name) + " must have prefix " + GoParsing.quote(prefix), "metadata.name"));
    }
}
