package dev.trimtab.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.autoscalers.PodAutoscalerTypes;
import dev.trimtab.knative.Corpus;
import dev.trimtab.knative.validation.ServiceTypes;
import dev.trimtab.kserve.KserveTypes;
import dev.trimtab.types.Type.Anything;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.MapOf;
import dev.trimtab.types.Type.Struct;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of our kinds against the schemas of their CRDs, field by field. */
class CrdTypesTest {
    /** Kubernetes has these since 1.35, and the CRDs are made of older ones. */
    private static final Set<String> NEWER = Set.of("workloadRef", "userAnnotations");

    private final List<String> differences = new ArrayList<>();

    @ParameterizedTest
    @DisplayName("each field of the CRD has its type, and there is no other")
    @ValueSource(
            strings = {"knative-service", "kserve-inferenceservices", "kserve-inferencegraphs", "aibrix-podautoscalers"
            })
    void asInTheCrd(String file) {
        JsonNode crd =
                YamlStream.read(Corpus.text("crds/" + file + ".yaml")).get(0).content();
        JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");

        compare(schema, type(file), "spec");

        assertThat(differences).isEmpty();
    }

    private static Type type(String file) {
        Struct object =
                switch (file) {
                    case "knative-service" -> ServiceTypes.SERVICE;
                    case "aibrix-podautoscalers" -> PodAutoscalerTypes.POD_AUTOSCALER;
                    case "kserve-inferenceservices" -> KserveTypes.INFERENCE_SERVICE;
                    default -> KserveTypes.INFERENCE_GRAPH;
                };
        return object.fields().get("spec");
    }

    private void compare(JsonNode schema, Type type, String path) {
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return;
        }
        if (isLeftOpen(schema, type)) {
            return;
        }
        Type expanded = type instanceof Kubernetes kubernetes ? kubernetes.struct() : type;
        String expected = named(schema);
        if (!expected.equals(name(expanded))) {
            differences.add(path + ": " + expected + " in the CRD, and not " + name(expanded));
        } else if (expanded instanceof ListOf list) {
            compare(schema.path("items"), list.element(), path + "[]");
        } else if (expanded instanceof MapOf map) {
            compare(schema.path("additionalProperties"), map.value(), path + "{}");
        } else if (expanded instanceof Struct struct) {
            TreeSet<String> names = new TreeSet<>(struct.fields().keySet());
            schema.path("properties").fieldNames().forEachRemaining(names::add);
            names.removeAll(NEWER);
            for (String name : names) {
                compare(
                        schema.path("properties").path(name),
                        struct.fields().getOrDefault(name, Type.ANYTHING),
                        path + "." + name);
            }
        }
    }

    /** CRDs say of metadata inside of a spec no more than that it is a map. */
    private static boolean isLeftOpen(JsonNode schema, Type type) {
        return type.equals(new Kubernetes(ObjectMeta.class)) && !schema.has("properties");
    }

    private static String named(JsonNode schema) {
        if (schema.isMissingNode()) {
            return "nothing";
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return schema.has("pattern") ? "an amount" : "a whole number or text";
        }
        return switch (schema.path("type").asText()) {
            case "string" -> "text";
            case "boolean" -> "true or false";
            case "integer" -> schema.path("format").asText().equals("int32") ? "32 bits" : "64 bits";
            case "array" -> "a list";
            default -> schema.has("additionalProperties") ? "a map of" : "a map";
        };
    }

    private static String name(Type type) {
        if (type instanceof Anything) {
            return "nothing";
        }
        if (type instanceof Type.WholeNumber range) {
            return range.most() == Integer.MAX_VALUE ? "32 bits" : "64 bits";
        }
        return type instanceof MapOf ? "a map of" : type.word();
    }
}
