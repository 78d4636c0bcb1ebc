package dev.trimtab.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.trimtab.manifest.Component;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an author wrote what stands in a rendered Service. */
class AuthoredPlaceTest {
    private static final String SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: llama
              labels: {team: ml, tier: gold}
              annotations:
                shared: "1"
                both: "1"
                autoscaling.knative.dev/target: "5"
                autoscaling.knative.dev/maxScale: "7"
            spec:
              predictor:
                minReplicas: 0
                maxReplicas: 0
                scaleTarget: 3
                timeout: 60
                containerConcurrency: 4
                schedulerName: volcano
                labels: {tier: silver}
                annotations: {own: "2", both: "2"}
                volumes: [{name: data, emptyDir: {}}]
                model:
                  modelFormat: {name: vLLM}
                  runtimeVersion: v1
                  resources: {limits: {aliyun.com/gpu-mem: 3}}
                containers: [{name: agent, image: x}]
              transformer:
                containers: [{name: kserve-container, image: y, args: [a, b]}]
            """;

    @ParameterizedTest(name = "{0}: {1}")
    @DisplayName("the field that wins, in the component or on the object")
    @CsvSource({
        "predictor, /spec/template/metadata/annotations/shared, /metadata/annotations/shared",
        "predictor, /metadata/annotations/shared, /metadata/annotations/shared",
        "predictor, /spec/template/metadata/annotations/own, /spec/predictor/annotations/own",
        "predictor, /spec/template/metadata/annotations/both, /spec/predictor/annotations/both",
        "transformer, /spec/template/metadata/annotations/both, /metadata/annotations/both",
        "predictor, /spec/template/metadata/annotations/autoscaling.knative.dev~1min-scale, /spec/predictor/minReplicas",
        "predictor, /spec/template/metadata/annotations/autoscaling.knative.dev~1maxScale, /metadata/annotations/autoscaling.knative.dev~1maxScale",
        "predictor, /spec/template/metadata/annotations/autoscaling.knative.dev~1target, /spec/predictor/scaleTarget",
        "transformer, /spec/template/metadata/annotations/autoscaling.knative.dev~1target, /metadata/annotations/autoscaling.knative.dev~1target",
        "predictor, /spec/template/metadata/labels/tier, /spec/predictor/labels/tier",
        "predictor, /spec/template/metadata/labels/team, /metadata/labels/team",
        "predictor, /spec/template/spec/timeoutSeconds, /spec/predictor/timeout",
        "predictor, /spec/template/spec/responseStartTimeoutSeconds, /spec/predictor/timeout",
        "predictor, /spec/template/spec/containerConcurrency, /spec/predictor/containerConcurrency",
        "predictor, /spec/template/spec/schedulerName, /spec/predictor/schedulerName",
        "predictor, /spec/template/spec/volumes/0/emptyDir, /spec/predictor/volumes/0",
        "predictor, /spec/template/spec/containers/0/image, /spec/predictor/model/runtimeVersion",
        "predictor, /spec/template/spec/containers/0/resources/limits/aliyun.com~1gpu-mem, /spec/predictor/model/resources/limits/aliyun.com~1gpu-mem",
        "predictor, /spec/template/spec/containers/0/args, /spec/predictor/model",
        "predictor, /spec/template/spec/containers/1/image, /spec/predictor/containers/0/image",
        "transformer, /spec/template/spec/containers/0/args/1, /spec/transformer/containers/0/args/1",
        "predictor, /spec/template/metadata/annotations/none, /spec/predictor",
        "transformer, /spec/template/spec/timeoutSeconds, /spec/transformer",
    })
    void place(String component, String rendered, String authored) throws Exception {
        ObjectNode object = (ObjectNode) new YAMLMapper().readTree(SERVICE);

        assertThat(AuthoredPlace.nearest(
                        Component.find(object, component).orElseThrow(), JsonPointer.compile(rendered)))
                .isEqualTo(JsonPointer.compile(authored));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("nothing where its author wrote nothing of it")
    @CsvSource({
        "/spec/template/metadata/annotations/none",
        "/spec/template/spec/containers/0/args",
        "/spec/template/spec/containers/0/image/x",
        "/spec/template/spec/nodeSelector",
        "/spec/template/spec",
        "/spec",
    })
    void nothing(String rendered) throws Exception {
        ObjectNode object = (ObjectNode) new YAMLMapper().readTree(SERVICE);
        Component predictor = Component.find(object, "predictor").orElseThrow();

        assertThat(AuthoredPlace.of(predictor, JsonPointer.compile(rendered))).isEmpty();
    }
}
