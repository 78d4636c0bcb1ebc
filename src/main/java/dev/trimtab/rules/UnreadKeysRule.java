package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.KnownAnnotations.Where;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import java.util.List;
import java.util.Optional;

/**
 * Warns of annotations and labels that nobody reads, and names the key that was probably meant.
 *
 * <p>Neither Knative nor the API server reports a key that does not exist. This rule knows the keys of {@code
 * trimtab.dev}, {@code autoscaling.knative.dev}, {@code serving.knative.dev} and {@code
 * queue.sidecar.serving.knative.dev}, those of Knative's extension autoscaler-keda too, and names every other key of these
 * domains. In {@code networking.knative.dev},
 * in {@code serving.kserve.io}, and in domains that look like one of these, it names misspelt keys. It also names a
 * label that is written as an annotation, an annotation that is written as a label, and a key in the wrong place:
 * {@code trimtab.dev/gpu-memory} is read in a Service's template, {@code serving.knative.dev/rollout-duration} in the
 * Service's own metadata. It changes nothing.
 *
 * <p>Example: {@code autoscaling.knative.dev/stableWindow: 60s}: did you mean {@code window}? Source: Knative 1.23,
 * pkg/apis/serving/register.go and pkg/apis/autoscaling/register.go; kserve 0.20, constants.go;
 * autoscaler-keda 1.22, keda.go.
 */
final class UnreadKeysRule implements AuthorRule {
    private static final JsonPointer METADATA = Pointers.of("metadata");
    private static final JsonPointer TEMPLATE_METADATA = Pointers.of("spec", "template", "metadata");
    private static final String ANNOTATIONS = "annotations";
    private static final String LABELS = "labels";

    @Override
    public void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author) {
        look(object, METADATA, object.kind() == Kind.KNATIVE_SERVICE ? Where.OBJECT : Where.ANYWHERE, author);
        if (object.kind() == Kind.KNATIVE_SERVICE) {
            look(object, TEMPLATE_METADATA, Where.TEMPLATE, author);
        } else if (object.kind() == Kind.INFERENCE_SERVICE) {
            Component.of(object.root()).forEach(it -> look(object, it.at(), Where.TEMPLATE, author));
        }
    }

    /** @param where what the map is for; {@code ANYWHERE} if KServe copies it to the template too */
    private void look(Manifest object, JsonPointer holder, Where where, Author author) {
        for (String kind : List.of(ANNOTATIONS, LABELS)) {
            JsonPointer map = holder.appendProperty(kind);
            object.root().at(map).fieldNames().forEachRemaining(key -> {
                Optional<String> problem =
                        kind.equals(LABELS) ? label(object, key, where) : annotation(object, key, where);
                problem.ifPresent(it -> author.warn(map.appendProperty(key), it));
            });
        }
        JsonPointer ignore = holder.appendProperty(LABELS).appendProperty(Manifest.IGNORE);
        String value = object.root().at(ignore).asText("true");
        if (!value.equals("true") && !value.equals("false")) {
            author.warn(ignore, "%s \"%s\" does nothing: write \"true\"".formatted(Manifest.IGNORE, value));
        }
    }

    private static Optional<String> annotation(Manifest object, String key, Where where) {
        Optional<Where> read = KnownAnnotations.annotation(key);
        if (KnownAnnotations.label(key).isPresent()) {
            return Optional.of("%s is a label: as an annotation it does nothing".formatted(key));
        }
        if (read.isPresent()) {
            return misplaced(object, key, read.get(), where);
        }
        return KnownAnnotations.isUnreadAnnotation(key) ? Optional.of(unread(object, key)) : Optional.empty();
    }

    private static Optional<String> label(Manifest object, String key, Where where) {
        if (KnownAnnotations.annotation(key).isPresent()) {
            return Optional.of("%s is an annotation: as a label it does nothing".formatted(key));
        }
        // A component's labels get to the Service that KServe renders, and so Trimtab reads them there.
        Optional<Where> read = KnownAnnotations.label(key).filter(it -> object.kind() == Kind.KNATIVE_SERVICE);
        if (read.isPresent()) {
            return misplaced(object, key, read.get(), where);
        }
        return KnownAnnotations.isUnreadLabel(key) ? Optional.of(unread(object, key)) : Optional.empty();
    }

    private static Optional<String> misplaced(Manifest object, String key, Where read, Where where) {
        boolean component = object.kind() == Kind.INFERENCE_SERVICE;
        // KServe reads a rollout's duration in a component, and Knative refuses its own scaling keys in the wrong
        // place.
        boolean theirs = component
                ? !KnownAnnotations.domain(key).equals(KnownAnnotations.OWN)
                : key.startsWith(ScaleAnnotation.GROUP);
        if (read == Where.ANYWHERE || where == Where.ANYWHERE || read == where || theirs) {
            return Optional.empty();
        }
        String right = read == Where.TEMPLATE ? "spec.template.metadata" : "metadata";
        return Optional.of("%s does nothing here: write it in %s".formatted(key, right));
    }

    private static String unread(Manifest object, String key) {
        Optional<String> field = KnownAnnotations.field(key);
        if (field.isPresent()) {
            String name = object.kind() == Kind.KNATIVE_SERVICE
                    ? field.get()
                    : field.get().replace("timeoutSeconds", "timeout");
            return "%s does nothing: write the field %s".formatted(key, name);
        }
        Optional<String> meant = KnownAnnotations.instead(key);
        if (meant.isEmpty()) {
            return "%s does nothing: no component reads this key".formatted(key);
        }
        boolean sameDomain = KnownAnnotations.domain(key).equals(KnownAnnotations.domain(meant.get()));
        String right = sameDomain ? KnownAnnotations.name(meant.get()) : meant.get();
        return "%s does nothing: did you mean %s?"
                .formatted(key, replicas(object, meant.get()).orElse(right));
    }

    /** The field of an InferenceService instead of min-scale or max-scale. */
    private static Optional<String> replicas(Manifest object, String meant) {
        return AuthoredPlace.FIELDS.entrySet().stream()
                .filter(it ->
                        object.kind().isRendered() && it.getKey().spellings().contains(meant))
                .map(it -> it.getValue())
                .filter(it -> it.endsWith("Replicas"))
                .findFirst();
    }
}
