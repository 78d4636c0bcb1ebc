package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the policy is valid, and whether every replica has it in force. */
final class PolicyCheck implements Check {
    @Override
    public String name() {
        return "policy";
    }

    @Override
    public String about() {
        return "the ConfigMap `trimtab-policy` is valid, as `trimtab lint` reads it, and every replica has its policy in force";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>();
        String where = "ConfigMap %s/trimtab-policy".formatted(cluster.places().trimtab());
        Optional<PolicyState> state = state(cluster);
        if (state.isEmpty()) {
            findings.add(Finding.unchecked(where, cluster.unread(Source.POLICY).orElse("not read")));
        } else if (state.get().isValid()) {
            findings.add(Finding.fine(where, text(state.get())));
        } else {
            findings.add(Finding.problem(
                    where,
                    "is invalid, so nothing new is filled: "
                            + String.join("; ", state.get().problems()),
                    "trimtab lint POLICY (docs/policy.md)"));
        }
        replicas(cluster, state, findings);
        return findings;
    }

    static Optional<PolicyState> state(Observed cluster) {
        if (!cluster.isKnown(Source.POLICY)) {
            return Optional.empty();
        }
        if (!cluster.exists(Source.POLICY)) {
            return Optional.of(PolicyState.BUILT_IN);
        }
        Map<String, String> data = new LinkedHashMap<>();
        cluster.value(Source.POLICY)
                .path("data")
                .properties()
                .forEach(it -> data.put(it.getKey(), it.getValue().asText()));
        return Optional.of(PolicyState.of(Optional.of(data)));
    }

    private static String text(PolicyState state) {
        if (state.origin() == PolicyState.Origin.BUILT_IN) {
            return "does not exist: the built-in policy is in force";
        }
        return state.policy().mode() == Mode.AUDIT
                ? "is valid, in mode Audit: Trimtab says what it would fill, and fills nothing"
                : "is valid";
    }

    private static void replicas(Observed cluster, Optional<PolicyState> state, List<Finding> findings) {
        if (cluster.unread(Source.HEALTH).isPresent()) {
            findings.add(Finding.unchecked(
                    "policy of the replicas", cluster.unread(Source.HEALTH).get()));
            return;
        }
        for (Map.Entry<String, JsonNode> pod : cluster.value(Source.HEALTH).properties()) {
            String where = "Pod %s/%s".formatted(cluster.places().trimtab(), pod.getKey());
            findings.add(replica(where, pod.getValue(), state));
        }
    }

    private static Finding replica(String where, JsonNode health, Optional<PolicyState> state) {
        if (health.has("unread")) {
            return Finding.unchecked(where, health.path("unread").asText());
        }
        JsonNode data = Observed.stream(health.path("checks"))
                .map(it -> it.path("data"))
                .filter(it -> it.has("policy"))
                .findFirst()
                .orElse(health.path("data"));
        String origin = data.path("policy").asText("");
        if (origin.isEmpty()) {
            return Finding.unchecked(where, "its readiness check names no policy");
        }
        String log = "kubectl -n %s logs %s"
                .formatted(where.substring(4, where.indexOf('/')), where.substring(where.indexOf('/') + 1));
        if (data.has("waits for")) {
            return Finding.problem(
                    where, "still waits for " + data.path("waits for").asText(), log);
        }
        return state.flatMap(it -> difference(it, origin, data.path("policy hash")))
                .map(it -> Finding.problem(where, it, log))
                .orElseGet(() -> Finding.fine(where, "its policy is " + origin));
    }

    /** @param hash missing from replicas of an earlier version */
    private static Optional<String> difference(PolicyState state, String origin, JsonNode hash) {
        String expected = state.origin().term();
        if (!expected.equals(origin)) {
            return Optional.of("its policy is %s, and the ConfigMap's is %s".formatted(origin, expected));
        }
        return hash.isMissingNode() || hash.asText().equals(state.hash())
                ? Optional.empty()
                : Optional.of("its policy is not the ConfigMap's: it has hash %s, not %s"
                        .formatted(hash.asText(), state.hash()));
    }
}
