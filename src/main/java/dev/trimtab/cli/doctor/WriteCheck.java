package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.Policy.Mode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a dry-run create was filled. */
final class WriteCheck implements Check {
    private static final Pattern WEBHOOK = Pattern.compile("webhook \"([^\"]+)\"");

    @Override
    public String name() {
        return "write";
    }

    @Override
    public String about() {
        return "with `--write`: a dry-run create of a Knative Service, or of an InferenceService if the cluster has no Knative,"
                + " comes back filled";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        JsonNode write = cluster.value(Source.WRITE);
        if (write.isMissingNode()) {
            return List.of();
        }
        String where = "dry-run create of " + write.path("object").asText();
        if (write.has("refused")) {
            return List.of(refused(where, write.path("refused").asText()));
        }
        String took = "in %d ms".formatted(write.path("millis").asLong());
        if (write.path("filled").asBoolean()) {
            return List.of(Finding.fine(where, "Trimtab filled it, " + took));
        }
        boolean audit = PolicyCheck.state(cluster)
                .filter(it -> it.policy().mode() == Mode.AUDIT)
                .isPresent();
        if (audit) {
            return List.of(Finding.unchecked(
                    where, "passed %s; whether Trimtab was asked cannot be seen in mode Audit".formatted(took)));
        }
        return List.of(Finding.problem(
                where,
                "passed unfilled, %s: the API server did not ask Trimtab, got no answer, or the namespace is left out"
                        .formatted(took),
                "see the findings above; kubectl -n %s logs deployment/trimtab"
                        .formatted(cluster.places().trimtab())));
    }

    private static Finding refused(String where, String message) {
        Matcher webhook = WEBHOOK.matcher(message);
        boolean found = webhook.find();
        String who = found ? "webhook %s refused it: ".formatted(webhook.group(1)) : "was refused: ";
        boolean ours = found && webhook.group(1).endsWith("." + Observed.CONFIGURATION);
        return Finding.problem(
                where,
                who + message,
                ours ? "docs/emergency.md" : "ask whoever runs it, or choose another namespace with -n");
    }
}
