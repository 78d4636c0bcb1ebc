package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.ScaleAnnotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the metadata of a Service as Knative does (pkg/apis/serving/metadata_validation.go). */
final class MetadataRules {
    /** Knative writes this annotation, and nobody may change it. */
    static final String CREATOR = "serving.knative.dev/creator";
    /** Knative writes this annotation with each change of the spec. */
    static final String LAST_MODIFIER = "serving.knative.dev/lastModifier";

    private MetadataRules() {}

    static List<FieldProblem> check(JsonNode metadata) {
        List<FieldProblem> problems = new ArrayList<>(checkName(metadata));
        problems.addAll(checkKeys(metadata));
        JsonNode annotations = Fields.at(metadata, "annotations");
        problems.addAll(FieldProblem.under("annotations", checkMisplaced(annotations)));
        problems.addAll(FieldProblem.under("annotations", DurationAnnotation.ROLLOUT_DURATION.check(annotations)));
        return problems;
    }

    private static List<FieldProblem> checkName(JsonNode metadata) {
        String name = Fields.text(metadata, "name");
        String generateName = Fields.text(metadata, "generateName");
        Optional<String> objection = generateName.isEmpty() ? Optional.empty() : DnsLabel.prefixObjection(generateName);
        if (objection.isPresent()) {
            return List.of(FieldProblem.of("not a DNS 1035 label prefix: " + objection.get(), "generateName"));
        }
        if (name.isEmpty() && generateName.isEmpty()) {
            return List.of(FieldProblem.of("name or generateName is required", "name"));
        }
        objection = name.isEmpty() ? Optional.empty() : DnsLabel.objection(name);
        return objection.stream()
                .map(reason -> FieldProblem.of("not a DNS 1035 label: " + reason, "name"))
                .toList();
    }

    /** The API server refuses such keys and values in objects of any kind. */
    private static List<FieldProblem> checkKeys(JsonNode metadata) {
        List<FieldProblem> problems = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : Fields.at(metadata, "labels").properties()) {
            Stream.concat(
                            QualifiedName.objection(label.getKey()).stream(),
                            QualifiedName.objectionToValue(label.getValue().asText("")).stream())
                    .forEach(it -> problems.add(FieldProblem.of("invalid label: " + it, "labels." + label.getKey())));
        }
        for (Map.Entry<String, JsonNode> entry :
                Fields.at(metadata, "annotations").properties()) {
            QualifiedName.objection(entry.getKey().toLowerCase(Locale.ROOT))
                    .ifPresent(it -> problems.add(
                            FieldProblem.of("invalid annotation: " + it, "annotations." + entry.getKey())));
        }
        return problems;
    }

    private static List<FieldProblem> checkMisplaced(JsonNode annotations) {
        return annotations.properties().stream()
                .filter(entry -> entry.getKey().startsWith(ScaleAnnotation.GROUP))
                .map(entry -> FieldProblem.invalidKey(entry.getKey())
                        .withDetails("autoscaling annotations must be put under"
                                + " \"spec.template.metadata.annotations\" to work"))
                .toList();
    }

    /** On UPDATE: the creator stays, and the last modifier changes only with the spec. */
    static List<FieldProblem> checkChange(JsonNode metadata, JsonNode oldMetadata, boolean specChanged) {
        JsonNode annotations = Fields.at(metadata, "annotations");
        JsonNode oldAnnotations = Fields.at(oldMetadata, "annotations");
        List<FieldProblem> problems = new ArrayList<>();
        if (!Fields.text(annotations, CREATOR).equals(Fields.text(oldAnnotations, CREATOR))) {
            problems.add(FieldProblem.of("annotation value is immutable", CREATOR));
        }
        String modifier = Fields.text(annotations, LAST_MODIFIER);
        if (!specChanged && !modifier.equals(Fields.text(oldAnnotations, LAST_MODIFIER))) {
            problems.add(FieldProblem.invalidValue(modifier, LAST_MODIFIER));
        }
        return FieldProblem.under("metadata.annotations", problems);
    }

    /** The {@code serving.knative.dev/} annotations with a duration: whole seconds, at least 0; "" counts as unset. */
    enum DurationAnnotation {
        /** How long traffic moves to a new revision. On the Service's own metadata. */
        ROLLOUT_DURATION("rollout-duration", "rolloutDuration"),
        /** How long a revision may take to come up. In the template. */
        PROGRESS_DEADLINE("progress-deadline");

        private static final String GROUP = "serving.knative.dev/";

        private final String word;
        /** The older spelling, or the same word if there is none. */
        private final String olderWord;

        DurationAnnotation(String word) {
            this(word, word);
        }

        DurationAnnotation(String word, String olderWord) {
            this.word = word;
            this.olderWord = olderWord;
        }

        List<FieldProblem> check(JsonNode annotations) {
            return ScaleAnnotation.Found.first(annotations, List.of(GROUP + word, GROUP + olderWord))
                    .filter(found -> !found.value().isEmpty())
                    .map(this::check)
                    .orElse(List.of());
        }

        private List<FieldProblem> check(ScaleAnnotation.Found found) {
            Optional<Duration> duration = GoParsing.duration(found.value());
            if (duration.isEmpty()) {
                return List.of(FieldProblem.invalidValue(found.value(), found.key()));
            }
            if (duration.get().toNanosPart() != 0) {
                return List.of(
                        FieldProblem.of(word + "=" + found.value() + " is not at second precision", found.key()));
            }
            return duration.get().isNegative()
                    ? List.of(FieldProblem.of(word + "=" + found.value() + " must be positive", found.key()))
                    : List.of();
        }
    }
}
