package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Whether KServe's updates of filled services are refused while Trimtab does not answer. */
final class ClosedDoorCheck implements Check {
    private static final String CONSEQUENCE = "while Trimtab does not answer, KServe's next reconcile stores its own"
            + " template: each filled service gets a new revision and new GPU pods";

    @Override
    public String name() {
        return "closed-door";
    }

    @Override
    public String about() {
        return "the entries `recorded.trimtab.dev` and `recorded-ignored.trimtab.dev` have `failurePolicy: Fail` and the"
                + " shipped conditions, and are the last ones";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        String where = "MutatingWebhookConfiguration " + Observed.CONFIGURATION;
        JsonNode ours = cluster.configuration(Source.MUTATING);
        if (cluster.unread(Source.MUTATING).isPresent()) {
            return List.of(
                    Finding.unchecked(where, cluster.unread(Source.MUTATING).get()));
        }
        if (ours.isMissingNode()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        List<JsonNode> doors = cluster.shipped().entries(Source.MUTATING).stream()
                .filter(EntriesCheck::isDoor)
                .toList();
        for (JsonNode shipped : doors) {
            Observed.stream(ours.path("webhooks"))
                    .filter(it -> it.path("name").equals(shipped.path("name")))
                    .forEach(it -> judge(it, shipped, where, findings));
        }
        if (!isLast(ours, doors)) {
            findings.add(Finding.warning(
                    where,
                    "the entries of the closed door are not the last ones: KServe's writes are reviewed twice",
                    WebhooksCheck.INSTALL));
        }
        return findings.isEmpty() ? List.of(Finding.fine(where, "the closed door is in force")) : findings;
    }

    private static void judge(JsonNode stored, JsonNode shipped, String where, List<Finding> findings) {
        String entry = stored.path("name").asText();
        if (!EntriesCheck.isDoor(stored)) {
            findings.add(Finding.warning(
                    where,
                    "%s: the closed door is open (failurePolicy %s): %s"
                            .formatted(entry, stored.path("failurePolicy").asText("unset"), CONSEQUENCE),
                    "close it with %s, if it was opened in an emergency (docs/emergency.md)"
                            .formatted(WebhooksCheck.INSTALL)));
        }
        if (!EntriesCheck.conditions(stored).equals(EntriesCheck.conditions(shipped))) {
            findings.add(Finding.warning(
                    where,
                    "%s: matchConditions are not the shipped ones: writes may be refused that should pass, or pass that"
                                    .formatted(entry)
                            + " should be refused",
                    WebhooksCheck.INSTALL));
        }
    }

    private static boolean isLast(JsonNode ours, List<JsonNode> doors) {
        List<JsonNode> names = Observed.stream(ours.path("webhooks"))
                .map(it -> it.path("name"))
                .toList();
        List<JsonNode> expected = doors.stream()
                .map(it -> it.path("name"))
                .filter(names::contains)
                .toList();
        return names.subList(names.size() - expected.size(), names.size()).containsAll(expected);
    }
}
