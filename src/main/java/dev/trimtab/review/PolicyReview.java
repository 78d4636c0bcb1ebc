package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.policy.PolicyState;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Refuses a policy ConfigMap that could not be loaded, with every problem it has, before anybody relies on it; just so the
 * profiles of a namespace.
 */
public final class PolicyReview {
    /** Name of the ConfigMap, in Trimtab's namespace and in those that have profiles of their own. */
    public static final String CONFIG_MAP = "trimtab-policy";

    /** The key that holds the policy. */
    public static final String KEY = PolicyState.KEY;

    private static final int STATUS_INVALID = 422;

    private final String namespace;

    /** @param namespace Trimtab's own: what holds for all others stands there */
    public PolicyReview(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Answers an AdmissionReview. Everything but the policy and the profiles of namespaces is allowed.
     *
     * @param inForce says whether profiles of namespaces count
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public ObjectNode answer(JsonNode body, Policy inForce) throws MalformedReview {
        AdmissionRequest request = AdmissionRequest.parse(body);
        boolean isPolicy = namespace.equals(request.namespace());
        Optional<Manifest> map = request.object()
                .filter(it -> "ConfigMap".equals(it.kindName()) && !"DELETE".equals(request.operation()));
        boolean isRead = CONFIG_MAP.equals(request.name());
        String refusal = map.filter(it -> isRead)
                .map(it -> isPolicy
                        ? refusal(it, text -> PolicyLoader.load(text).problems())
                        : refusal(it, text -> PolicyLoader.loadProfiles(text).problems()))
                .orElse("");
        ObjectNode answer = Answer.envelope(request.uid(), refusal.isEmpty());
        ObjectNode response = (ObjectNode) answer.get("response");
        if (!refusal.isEmpty()) {
            Answer.refuse(response, STATUS_INVALID, refusal);
        } else if (map.isPresent() && !isPolicy) {
            warning(isRead, inForce)
                    .ifPresent(line -> response.putArray("warnings").add(line));
        }
        return answer;
    }

    private static String refusal(Manifest map, Function<String, List<PolicyProblem>> problems) {
        JsonNode text = map.root().path("data").path(KEY);
        if (!text.isTextual()) {
            return "data has no key \"%s\": put the policy there".formatted(KEY);
        }
        return problems.apply(text.textValue()).stream()
                .map(PolicyProblem::toString)
                .collect(Collectors.joining("\n"));
    }

    /** What would be taken, and yet has no effect. */
    private static Optional<String> warning(boolean isRead, Policy inForce) {
        if (!isRead) {
            return Optional.of("trimtab: this is not read: profiles of a namespace are in ConfigMap " + CONFIG_MAP);
        }
        return inForce.namespaceProfiles()
                ? Optional.empty()
                : Optional.of("trimtab: not in force: the policy does not say namespaces: {allowProfiles: true}");
    }
}
