package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Somebody's validator, in one namespace, that refuses updates for as long as a test says so. */
public final class Refuser implements AutoCloseable {
    public static final String WORDS = "such a thing is not allowed here";

    private static final String REGISTRATION = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: refuser}
            webhooks:
              - name: refuser.example.com
                admissionReviewVersions: [v1]
                clientConfig: {url: "https://localhost:%d/", caBundle: %s}
                rules: [{apiGroups: ["*"], apiVersions: ["*"], resources: [%s], operations: [UPDATE]}]
                namespaceSelector: {matchLabels: {refuser: "yes"}}
                failurePolicy: Fail
                sideEffects: None
            """;

    private final KubernetesClient admin;
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Predicate<JsonNode> refused = object -> false;

    /** @param resources whose updates it looks at, in namespaces with the label {@code refuser: "yes"} */
    public Refuser(Cluster cluster, String resources) {
        admin = cluster.admin;
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(cluster.certificates.certificate().toString())
                        .setKeyPath(cluster.certificates.key().toString()));
        int port = vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        admin.resource(REGISTRATION.formatted(port, cluster.certificates.caBundle(), resources))
                .createOr(it -> it.update());
    }

    /** From now on it refuses what an object would become. */
    public void refuse(Predicate<JsonNode> which) {
        refused = which;
    }

    /** How often it was asked: the API server takes a moment to learn of it. */
    public int asked() {
        return asked.get();
    }

    private void answer(HttpServerRequest http) {
        http.body().onSuccess(body -> {
            asked.incrementAndGet();
            JsonNode request = Api.json(body.toString()).path("request");
            ObjectNode review = JsonNodeFactory.instance.objectNode();
            review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            boolean no = refused.test(request.path("object"));
            ObjectNode response = review.putObject("response");
            response.put("uid", request.path("uid").asText()).put("allowed", !no);
            if (no) {
                response.putObject("status").put("code", 403).put("message", WORDS);
            }
            http.response().putHeader("content-type", "application/json").end(review.toString());
        });
    }

    @Override
    public void close() {
        var unused = admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("refuser")
                .delete();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
