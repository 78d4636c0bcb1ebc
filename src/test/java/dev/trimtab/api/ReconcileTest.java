package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ReconcileTest extends ApiTest {
    @Test
    void smoke() {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml("""
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: iris, namespace: %s}
                spec: {predictor: {model: {modelFormat: {name: sklearn}, storageUri: "gs://m"}}}
                """.formatted(namespace)));
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        ObjectNode first = cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor");
        System.err.println(first.toPrettyString());
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        ObjectNode second = cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor");
        assertThat(second).isEqualTo(first);
        System.err.println("requests " + requests("/mutate"));
    }
}
