package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.policy.PolicyState;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Refuses a policy ConfigMap that cannot be loaded, with all its problems. Does the same for profiles of a namespace.
 */
public final class PolicyReview {
    /** In Trimtab's namespace, and in namespaces with their own profiles. */
    public static final String CONFIG_MAP = "trimtab-policy";

    public static final String KEY = PolicyState.KEY;

    private final String namespace;

    /** @param namespace Trimtab's own */
    public PolicyReview(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Refuses only an invalid policy and invalid profiles of a namespace.
     *
     * @param inForce whether it allows profiles of namespaces
     */
    public AdmissionResponse answer(AdmissionRequest request, Policy inForce) {
        boolean isPolicy = namespace.equals(request.namespace());
        Optional<Manifest> map = request.object()
                .filter(it -> "ConfigMap".equals(it.kindName()) && !"DELETE".equals(request.operation()));
        boolean isRead = CONFIG_MAP.equals(request.name());
        String refusal = map.filter(it -> isRead)
                .map(it -> isPolicy
                        ? refusal(it, text -> PolicyLoader.load(text).problems())
                        : refusal(it, text -> PolicyLoader.loadProfiles(text).problems()))
                .orElse("");
        boolean ofNamespace = refusal.isEmpty() && map.isPresent() && !isPolicy;
        List<String> warnings = ofNamespace ? warnings(isRead, inForce) : List.of();
        return AdmissionResponse.of(Endpoint.POLICY, request, Review.judged(request, List.of(), warnings, refusal));
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

    /** Warnings for a ConfigMap that is valid and has no effect. */
    private static List<String> warnings(boolean isRead, Policy inForce) {
        if (!isRead) {
            return List.of("trimtab: this is not read: profiles of a namespace are in ConfigMap " + CONFIG_MAP);
        }
        return inForce.namespaceProfiles()
                ? List.of()
                : List.of("trimtab: not in force: the policy does not say namespaces: {allowProfiles: true}");
    }
}
