package dev.trimtab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AnnotationRules;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.ServiceRules;
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
    private final PlayedWebhook webhook;

    FakeKnative(Certificates certificates) {
        webhook = new PlayedWebhook(certificates, this::review);
    }

    String url(String path) {
        return webhook.url(path);
    }

    /** What its ConfigMaps say from now on; like Knative it takes only what is valid. */
    void configure(KnativeConfig now) {
        config.set(now);
    }

    KnativeConfig config() {
        return config.get();
    }

    private void review(String path, JsonNode request, ObjectNode response) {
        if (path.equals("/defaulting")) {
            defaulting(request, response);
        } else {
            validation(request, response);
        }
    }

    private void defaulting(JsonNode request, ObjectNode response) {
        ObjectNode object = (ObjectNode) request.path("object");
        ObjectNode old = request.path("oldObject") instanceof ObjectNode stored ? stored : null;
        ObjectNode result = KnativeDefaulting.apply(object, old, config());
        stamp(result, old, request.path("userInfo").path("username").asText());
        PlayedWebhook.patch(response, object, result);
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
