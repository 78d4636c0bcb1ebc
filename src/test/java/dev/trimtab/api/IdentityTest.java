package dev.trimtab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Trimtab has the rights of 20-rbac.yaml and 25-controller.yaml in deploy/webhook and no others. That they are enough, the
 * other tests show: it follows ConfigMaps, Revisions and InferenceServices, posts Events and stops services with them.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class IdentityTest extends ApiTest {
    @Inject
    KubernetesClient trimtab;

    @Test
    @DisplayName("it reads the ConfigMaps it needs, each by its name")
    void reads() {
        assertThat(trimtab.configMaps()
                        .inNamespace("trimtab")
                        .withName("trimtab-policy")
                        .get())
                .isNotNull();
        for (String name :
                List.of("config-autoscaler", "config-defaults", "config-features", "config-rolloutorchestrator")) {
            assertThat(trimtab.configMaps()
                            .inNamespace("knative-serving")
                            .withField("metadata.name", name)
                            .list()
                            .getItems())
                    .as(name)
                    .hasSizeBetween(0, 1);
        }
    }

    @Test
    @DisplayName("it reads workloads and namespaces' own profiles everywhere, and changes none of them")
    void everywhere() {
        assertThat(trimtab.raw("/apis/serving.knative.dev/v1/revisions")).contains("\"items\"");
        assertThat(trimtab.raw("/apis/serving.kserve.io/v1beta1/inferenceservices"))
                .contains("\"items\"");
        assertThat(trimtab.configMaps()
                        .inAnyNamespace()
                        .withField("metadata.name", "trimtab-policy")
                        .list()
                        .getItems())
                .isNotEmpty();
        forbidden(() -> trimtab.configMaps().inAnyNamespace().list());
        forbidden(() -> new Api(trimtab)
                .create(Api.Kind.INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris"))));
    }

    @Test
    @DisplayName("it may do nothing else: no Secrets, no other ConfigMap, nothing made, nothing deleted by collection")
    void nothingElse() {
        forbidden(() -> trimtab.secrets().inNamespace("trimtab").list());
        forbidden(() -> trimtab.configMaps().inNamespace("trimtab").list());
        forbidden(() -> trimtab.configMaps().inNamespace("knative-serving").list());
        forbidden(() -> trimtab.configMaps()
                .inNamespace("trimtab")
                .withName("trimtab-policy")
                .delete());
        for (Api.Kind kind : List.of(Api.Kind.POD, Api.Kind.KNATIVE_SERVICE, Api.Kind.DEPLOYMENT)) {
            assertThat(trimtab.raw(kind.path(namespace))).as("%s", kind).contains("\"items\"");
            forbidden(() -> trimtab.raw(kind.path(namespace), "DELETE", "{}"));
            forbidden(() -> trimtab.raw(kind.path(namespace), "POST", "{}"));
        }
        forbidden(() -> trimtab.raw(Api.Kind.INFERENCE_SERVICE.path(namespace) + "/iris", "DELETE", "{}"));
        forbidden(() -> trimtab.raw(Api.Kind.EVENT.path(namespace) + "/iris.1", "DELETE", "{}"));
        forbidden(() -> trimtab.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .list());
    }

    private static void forbidden(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(KubernetesClientException.class, it -> assertThat(it.getCode())
                        .isEqualTo(403))
                .hasMessageContaining("User \"system:serviceaccount:trimtab:trimtab\" cannot");
    }
}
