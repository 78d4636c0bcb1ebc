package dev.trimtab.api.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.ObjectTypes;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Knative Services and InferenceServices with some of what people write, right and wrong ({@code verdicts.yaml}). */
final class KnativeCases {
    private static final Path VALUES = Path.of("src", "test", "resources", "verdicts.yaml");
    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: generated}
            spec: {template: {metadata: {annotations: {}}, spec: {containers: [{image: example/model:1}]}}}
            """;
    private static final String INFERENCE_SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: generated, annotations: {}}
            spec: {predictor: {containers: [{name: kserve-container, image: example/model:1}]}}
            """;
    private static final JsonPointer POD = JsonPointer.compile("/spec/template/spec");
    private static final JsonPointer PREDICTOR = JsonPointer.compile("/spec/predictor");

    private final Random random;
    private final JsonNode values;

    /** @param seed the same gives the same cases */
    KnativeCases(long seed) {
        random = new Random(seed);
        try {
            values = YamlStream.read(Files.readString(VALUES)).get(0).content();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode service() {
        ObjectNode service = Api.yaml(SERVICE);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            String section = List.of("annotations", "annotations", "pod", "container", "container", "other")
                    .get(random.nextInt(6));
            JsonPointer above =
                    switch (section) {
                        case "annotations" -> JsonPointer.compile("/spec/template/metadata/annotations");
                        case "pod" -> POD;
                        case "container" -> POD.append(JsonPointer.compile("/containers/0"));
                        default -> JsonPointer.empty();
                    };
            write(service, section, above);
        }
        mount(service, POD);
        return service;
    }

    /** Its container is its own, so that what KServe renders is known in full; KServe's CRD takes it. */
    ObjectNode inferenceService() {
        return Stream.generate(this::anyInferenceService)
                .filter(it -> ObjectTypes.problems(new Manifest(it)).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode anyInferenceService() {
        ObjectNode service = Api.yaml(INFERENCE_SERVICE);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            String section = List.of("annotations", "annotations", "predictor", "predictor", "pod", "container")
                    .get(random.nextInt(6));
            JsonPointer above =
                    switch (section) {
                        case "annotations" -> JsonPointer.compile("/metadata/annotations");
                        case "container" -> PREDICTOR.append(JsonPointer.compile("/containers/0"));
                        default -> PREDICTOR;
                    };
            write(service, section, above);
        }
        mount(service, PREDICTOR);
        return service;
    }

    private void write(ObjectNode object, String section, JsonPointer above) {
        List<Map.Entry<String, JsonNode>> places =
                List.copyOf(values.path(section).properties());
        Map.Entry<String, JsonNode> place = places.get(random.nextInt(places.size()));
        JsonNode value = place.getValue().get(random.nextInt(place.getValue().size()));
        JsonPointer at = place.getKey().startsWith("/")
                ? above.append(JsonPointer.compile(place.getKey()))
                : above.appendProperty(place.getKey());
        boolean unused = Pointers.set(object, at, value.deepCopy());
    }

    /** A volume that is not mounted is refused, and a mount without its volume: each second time it has the other. */
    private void mount(ObjectNode object, JsonPointer pod) {
        JsonPointer mounts = pod.append(JsonPointer.compile("/containers/0/volumeMounts"));
        JsonPointer volumes = pod.appendProperty("volumes");
        if (object.at(volumes).isArray() && object.at(mounts).isMissingNode() && random.nextBoolean()) {
            boolean unused = Pointers.set(
                    object, mounts, Api.yaml("m: [{name: v, mountPath: /v}]").get("m"));
        } else if (object.at(mounts).isArray() && object.at(volumes).isMissingNode() && random.nextBoolean()) {
            boolean unused = Pointers.set(
                    object, volumes, Api.yaml("v: [{name: v, emptyDir: {}}]").get("v"));
        }
    }
}
