package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.knative.ServiceRules;
import dev.trimtab.manifest.Kind;
import dev.trimtab.review.Answer;
import dev.trimtab.review.Explanation;
import dev.trimtab.review.Review;
import dev.trimtab.rules.Decision;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which rule did what and why, the patch, what Knative would refuse, and one line that sums up. */
final class ExplainOutput implements PreviewOutput {
    private final PrintWriter out;
    private final KnativeConfig knative;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int objects;

    ExplainOutput(PrintWriter out, KnativeConfig knative) {
        this.out = out;
        this.knative = knative;
    }

    @Override
    public void print(ManifestFile file, List<Previewed> documents) {
        for (Previewed document : documents) {
            for (Reviewed object : document.objects()) {
                if (object.before().kind() != Kind.OTHER) {
                    explain(file, document, object);
                }
            }
        }
    }

    @Override
    public void end() {
        StringBuilder summary = new StringBuilder().append(objects).append(objects == 1 ? " object" : " objects");
        outcomes.forEach((outcome, count) ->
                summary.append(", ").append(count).append(' ').append(outcome));
        out.println(summary);
    }

    private void explain(ManifestFile file, Previewed document, Reviewed object) {
        objects++;
        Review review = object.review();
        JsonNode patch = Answer.diff(object.before().root(), review.result());
        String outcome = review.outcome(!patch.isEmpty());
        outcomes.merge(outcome, 1, Integer::sum);
        out.println("%s/%s (%s, document %d): %s, %s"
                .formatted(
                        object.before().kindName(),
                        object.before().name(),
                        file.name(),
                        document.document().index(),
                        outcome,
                        review.course().name().toLowerCase(Locale.ROOT)));
        review.decisions().forEach(decision -> line("", decision));
        review.forecasts()
                .forEach((component, decisions) -> decisions.forEach(decision -> line(component + " ", decision)));
        patch.forEach(operation -> out.println("  patch: %s %s%s"
                .formatted(
                        operation.path("op").asText(),
                        operation.path("path").asText(),
                        operation.has("value") ? " " + operation.get("value") : "")));
        if (object.before().kind() == Kind.KNATIVE_SERVICE) {
            ServiceRules.onCreate(review.result(), knative)
                    .forEach(refusal -> out.println("  Knative refuses: " + refusal.replace("\n", " ")));
        }
    }

    private void line(String component, Decision decision) {
        out.println(
                "  %s%s %s: %s".formatted(component, decision.rule(), decision.outcome(), Explanation.line(decision)));
    }
}
