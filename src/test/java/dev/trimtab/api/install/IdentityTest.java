package dev.trimtab.api.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The webhook has the rights of 20-rbac.yaml and 22-knative.yaml in deploy/webhook and no others. That they are enough, the
 * other tests show: it follows ConfigMaps, Revisions and InferenceServices with them.
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
    @DisplayName("it reads workloads and namespaces' own profiles everywhere")
    void everywhere() {
        for (String path : List.of(
                "/apis/serving.knative.dev/v1/revisions",
                "/apis/serving.kserve.io/v1beta1/inferenceservices",
                "/apis/apps/v1/deployments")) {
            assertThat(trimtab.raw(path)).as(path).contains("\"items\"");
        }
        assertThat(trimtab.configMaps()
                        .inAnyNamespace()
                        .withField("metadata.name", "trimtab-policy")
                        .list()
                        .getItems())
                .isNotEmpty();
        forbidden(() -> trimtab.configMaps().inAnyNamespace().list());
        forbidden(() -> trimtab.secrets().inNamespace("trimtab").list());
        forbidden(() -> trimtab.configMaps().inNamespace("trimtab").list());
        forbidden(() -> trimtab.configMaps().inNamespace("knative-serving").list());
        forbidden(() -> trimtab.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .list());
    }

    @Test
    @DisplayName("it can change nothing, of no kind: not by create, update, patch or delete, not even an Event")
    void changesNothing() {
        for (Api.Kind kind : Api.Kind.values()) {
            String all = kind.path(namespace);
            String one = all + "/llama";
            forbidden(() -> trimtab.raw(all, "POST", "{}"));
            forbidden(() -> trimtab.raw(all, "DELETE", "{}"));
            forbidden(() -> trimtab.raw(one, "PUT", "{}"));
            forbidden(() -> trimtab.raw(one, "DELETE", "{}"));
            forbidden(() -> trimtab.raw(one + "/status", "PUT", "{}"));
            forbidden(() -> trimtab.raw(one + "/scale", "PUT", "{}"));
        }
        for (String path : List.of(
                "/api/v1/namespaces/trimtab/configmaps/trimtab-policy",
                "/apis/coordination.k8s.io/v1/namespaces/trimtab/leases/trimtab-controller",
                "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/trimtab.dev",
                "/api/v1/namespaces/" + namespace)) {
            forbidden(() -> trimtab.raw(path, "PUT", "{}"));
            forbidden(() -> trimtab.raw(path, "DELETE", "{}"));
        }
    }

    @Test
    @DisplayName(
            "its requests have queues of their own: a flood of other accounts does not delay its watches or its Lease")
    void queues() throws Exception {
        String lease = "/apis/coordination.k8s.io/v1/namespaces/trimtab/leases/trimtab-controller";
        String revisions = "/apis/serving.knative.dev/v1/revisions";
        for (String name : List.of("trimtab", "trimtab-controller", "trimtab-controller-lease")) {
            String uid = flowSchema(name).path("metadata").path("uid").asText();
            boolean controller = name.startsWith("trimtab-controller");
            Account account = controller ? Account.CONTROLLER : Account.TRIMTAB;
            try (KubernetesClient client = account.client(cluster.admin)) {
                Eventually.holds(name, () -> uid.equals(schemaOf(client, name.endsWith("-lease") ? lease : revisions)));
            }
            assertThat(flowSchema(name).at("/status/conditions/0").toString())
                    .as("its level exists")
                    .contains("\"type\":\"Dangling\"")
                    .contains("\"status\":\"False\"");
        }
    }

    private JsonNode flowSchema(String name) {
        return Api.json(cluster.admin.raw("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/" + name));
    }

    /** The API server says in a header which FlowSchema has taken a request. */
    private static String schemaOf(KubernetesClient client, String path) {
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl().toString().replaceAll("/$", "") + path)
                .build();
        return client.getHttpClient().sendAsync(request, String.class).join().header("X-Kubernetes-PF-FlowSchema-UID");
    }

    private static void forbidden(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(KubernetesClientException.class, it -> assertThat(it.getCode())
                        .isEqualTo(403))
                .hasMessageContaining("User \"system:serviceaccount:trimtab:trimtab\" cannot");
    }
}
