package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Certificates;
import dev.trimtab.manifest.Pointers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Somebody else's webhook, as an HTTPS server of its own. */
public final class PlayedWebhook {
    private final Reviewer reviewer;
    private final int port;

    /** What it answers. */
    @FunctionalInterface
    public interface Reviewer {
        /** @param response has the request's UID, and is allowed */
        void review(String path, JsonNode request, ObjectNode response);
    }

    public PlayedWebhook(Certificates certificates, Reviewer reviewer) {
        this(certificates.certificate(), certificates.key(), reviewer);
    }

    public PlayedWebhook(Path certificate, Path key, Reviewer reviewer) {
        this.reviewer = reviewer;
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()));
        HttpServer server = Vertx.vertx()
                .createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = server.actualPort();
    }

    public int port() {
        return port;
    }

    String url(String path) {
        return "https://localhost:%d%s".formatted(port, path);
    }

    static void patch(ObjectNode response, ObjectNode object, ObjectNode result) {
        String patch = Pointers.diff(object, result).toString();
        response.put("patchType", "JSONPatch");
        response.put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
    }

    private void answer(HttpServerRequest http) {
        http.body().onSuccess(body -> {
            JsonNode request = Api.json(body.toString()).path("request");
            ObjectNode response = JsonNodeFactory.instance.objectNode();
            response.put("uid", request.path("uid").asText()).put("allowed", true);
            reviewer.review(http.path(), request, response);
            ObjectNode review = JsonNodeFactory.instance.objectNode();
            review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            review.set("response", response);
            http.response().putHeader("content-type", "application/json").end(review.toString());
        });
    }
}
