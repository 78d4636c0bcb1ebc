package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The least that a mutating webhook of this application can do: reads the review and adds one annotation. The load
 * harness measures what the rules cost on top of this. Only the profile {@code bench} compiles this class.
 */
@ApplicationScoped
public class AllowAll {
    private static final String PATCH = Base64.getEncoder()
            .encodeToString("[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"bench\":\"1\"}}]"
                    .getBytes(StandardCharsets.UTF_8));

    void serve(@Observes Router router) {
        router.post("/allow-all")
                .handler(BodyHandler.create(false))
                .handler(AllowAll::allow);
    }

    private static void allow(RoutingContext context) {
        try {
            JsonNode review = Body.parse(context.body().buffer().getBytes());
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            answer.putObject("response")
                    .put("uid", review.path("request").path("uid").asText())
                    .put("allowed", true)
                    .put("patchType", "JSONPatch")
                    .put("patch", PATCH);
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(answer.toString()));
        } catch (MalformedReview | Body.TooLarge unusable) {
            context.fail(400, unusable);
        }
    }
}
