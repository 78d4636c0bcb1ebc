package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses a policy ConfigMap that could not be loaded, with every problem it has, before anybody relies on it. */
public final class PolicyReview {
    /** Name of the ConfigMap in Trimtab's namespace. */
    public static final String CONFIG_MAP = "trimtab-policy";

    /** The key that holds the policy. */
    public static final String KEY = "policy.yaml";

    private static final int STATUS_INVALID = 422;

    private final String namespace;

    /** @param namespace Trimtab's own: the policy of no other counts */
    public PolicyReview(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Answers an AdmissionReview. Everything but the policy is allowed.
     *
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public ObjectNode answer(JsonNode body) throws MalformedReview {
        AdmissionRequest request = AdmissionRequest.parse(body);
        List<PolicyProblem> problems = List.of();
        String missing = "";
        if (request.object().isPresent() && isPolicy(request, request.object().get())) {
            JsonNode text = request.object().get().root().path("data").path(KEY);
            if (text.isTextual()) {
                problems = PolicyLoader.load(text.textValue()).problems();
            } else {
                missing = "data has no key \"%s\": put the policy there".formatted(KEY);
            }
        }
        boolean allowed = problems.isEmpty() && missing.isEmpty();
        ObjectNode answer = Answer.envelope(request.uid(), allowed);
        if (!allowed) {
            String lines = problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("\n"));
            Answer.refuse((ObjectNode) answer.get("response"), STATUS_INVALID, missing.isEmpty() ? lines : missing);
        }
        return answer;
    }

    private boolean isPolicy(AdmissionRequest request, Manifest object) {
        return "ConfigMap".equals(object.kindName())
                && CONFIG_MAP.equals(request.name())
                && namespace.equals(request.namespace())
                && !"DELETE".equals(request.operation());
    }
}
