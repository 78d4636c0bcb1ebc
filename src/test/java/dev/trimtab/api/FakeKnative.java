package dev.trimtab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AnnotationRules;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.ServiceRules;
import dev.trimtab.review.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Knative's webhook for Services and Revisions, as its own HTTPS server: {@code /defaulting} fills and writes who created
 * and last changed a Service, {@code /resource-validation} accepts or refuses with Knative's words.
 */
final class FakeKnative {
    private static final String CREATOR = "serving.knative.dev/creator";
    private static final String LAST_MODIFIER = "serving.knative.dev/lastModifier";

    private final AtomicReference<KnativeConfig> config = new AtomicReference<>(KnativeConfig.DEFAULTS);
    private final int port;

    FakeKnative(Certificates certificates) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificates.certificate().toString())
                        .setKeyPath(certificates.key().toString()));
        HttpServer server = Vertx.vertx()
                .createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = server.actualPort();
    }

    String url(String path) {
        return "https://localhost:%d%s".formatted(port, path);
    }

    /** What its ConfigMaps say from now on; like Knative it takes only what is valid. */
    void configure(KnativeConfig now) {
        config.set(now);
    }

    KnativeConfig config() {
        return config.get();
    }

    private void answer(HttpServerRequest http) {
        http.body().onSuccess(body -> {
            JsonNode request = Api.json(body.toString()).path("request");
            ObjectNode response = JsonNodeFactory.instance.objectNode();
            response.put("uid", request.path("uid").asText()).put("allowed", true);
            if (http.path().equals("/defaulting")) {
                defaulting(request, response);
            } else {
                validation(request, response);
            }
            ObjectNode review = JsonNodeFactory.instance.objectNode();
            review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            review.set("response", response);
            http.response().putHeader("content-type", "application/json").end(review.toString());
        });
    }

    private void defaulting(JsonNode request, ObjectNode response) {
        ObjectNode object = (ObjectNode) request.path("object");
        ObjectNode old = request.path("oldObject") instanceof ObjectNode stored ? stored : null;
        ObjectNode result = KnativeDefaulting.apply(object, old, config());
        stamp(result, old, request.path("userInfo").path("username").asText());
        String patch = Answer.diff(object, result).toString();
        response.put("patchType", "JSONPatch");
        response.put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
    }

    /** The old object is looked at as today's defaults would make it (knative.dev/pkg, defaulting.go). */
    private void stamp(ObjectNode result, ObjectNode old, String user) {
        ObjectNode annotations = result.withObject("/metadata").withObject("/annotations");
        if (old == null) {
            annotations.put(CREATOR, user).put(LAST_MODIFIER, user);
        } else if (!KnativeDefaulting.apply(old, old, config()).get("spec").equals(result.get("spec"))) {
            annotations.put(LAST_MODIFIER, user);
        }
    }

    /** Its annotations, at every write, of its status too (Knative 1.23, revision_validation.go). */
    private List<String> ofRevision(ObjectNode revision) {
        return AnnotationRules.check(revision.path("metadata").get("annotations"), config().autoscaler()).stream()
                .map(it -> it.message() + ": "
                        + it.paths().stream()
                                .map("metadata.annotations."::concat)
                                .collect(Collectors.joining(", ")))
                .toList();
    }

    private void validation(JsonNode request, ObjectNode response) {
        ObjectNode object = (ObjectNode) request.path("object");
        List<String> problems = request.at("/kind/kind").asText().equals("Revision")
                ? ofRevision(object)
                : request.path("oldObject") instanceof ObjectNode old
                        ? ServiceRules.onUpdate(object, old, config())
                        : ServiceRules.onCreate(object, config());
        if (!problems.isEmpty()) {
            response.put("allowed", false);
            response.putObject("status")
                    .put("code", 400)
                    .put("message", "validation failed: " + String.join("\n", problems));
        }
    }
}
