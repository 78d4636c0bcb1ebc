package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.AutoscalerGuard.AutoscalerVerdict;
import dev.trimtab.review.Explanation;
import dev.trimtab.review.ObjectTypes;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints which rule did what and why, the patch, Knative's refusals, and a summary line. */
final class ExplainOutput implements PreviewOutput {
    private static final Set<Course> RULES_RAN = Set.of(Course.CREATED, Course.CHANGED, Course.REFRESHED);

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private final PrintWriter out;
    private final Settings settings;
    private final Paint paint;
    private final Map<String, Integer> outcomes = new LinkedHashMap<>();
    private int objects;
    private int others;

    ExplainOutput(PrintWriter out, Settings settings, Paint paint) {
        this.out = out;
        this.paint = paint;
        this.settings = settings;
        List.of("mutated", "unchanged", "denied").forEach(outcome -> outcomes.put(outcome, 0));
    }

    @Override
    public void print(ManifestFile file, PreviewedDocument document) {
        for (Reviewed object : document.objects()) {
            if (object.isOurs()) {
                explain(object, object.heading(file));
            } else {
                others++;
            }
        }
    }

    @Override
    public void end() {
        StringBuilder summary = new StringBuilder(objects == 1 ? "1 object" : objects + " objects");
        String separator = ": ";
        for (Map.Entry<String, Integer> outcome : outcomes.entrySet()) {
            if (outcome.getValue() > 0) {
                summary.append(separator).append(outcome.getValue()).append(' ').append(outcome.getKey());
                separator = ", ";
            }
        }
        if (others > 0) {
            summary.append("; ").append(others).append(others == 1 ? " of another kind" : " of other kinds");
            summary.append(" passed through");
        }
        out.println(summary);
    }

    private void explain(Reviewed object, String heading) {
        objects++;
        Review review = object.review();
        JsonNode patch = Pointers.diff(object.before().root(), review.result());
        String outcome = review.outcome(!patch.isEmpty());
        outcomes.merge(outcome, 1, Integer::sum);
        out.println("%s: %s, %s".formatted(paint.bold(heading), outcome(outcome, outcome), words(review.course())));
        policy(object);
        decisions("  ", review.decisions());
        forecasts(object);
        object.verdict().ifPresent(this::verdict);
        patch.forEach(operation -> out.println("  patch: %s %s%s"
                .formatted(
                        operation.path("op").asText(),
                        operation.path("path").asText(),
                        operation.has("value") ? " " + operation.get("value") : "")));
        if (object.before().kind() != Kind.KNATIVE_SERVICE) {
            ObjectTypes.problems(object.before())
                    .forEach(it ->
                            out.println(paint.red("  The API server refuses: ") + it.path() + ": " + it.message()));
        }
        refusals(object).forEach(refusal -> out.println(paint.red("  Knative refuses: ") + refusal.replace("\n", " ")));
        out.println();
    }

    private void verdict(AutoscalerVerdict verdict) {
        List<Decision> found = new ArrayList<>();
        verdict.refusals()
                .forEach(it -> found.add(new Decision.Refused(it.check().term(), JsonPointer.empty(), it.text())));
        verdict.warnings()
                .forEach(it -> found.add(new Decision.Warned(it.check().term(), JsonPointer.empty(), it.text())));
        decisions("  ", found);
    }

    private static String words(Course course) {
        return switch (course) {
            case CREATED -> "a new object";
            case UNCHANGED -> "an update that changes nothing";
            case REPLAYED -> "an update that does not change the author's template";
            case CHANGED -> "an update that changes the template";
            case REFRESHED -> "an update that asks for a refresh";
            case LEFT -> "not touched";
        };
    }

    private void policy(Reviewed object) {
        if (!RULES_RAN.contains(object.review().course())) {
            return;
        }
        Map<String, EffectivePolicy> policies = reviewer.policiesFor(object.before(), object.namespace(), settings);
        boolean alike = policies.values().stream()
                        .map(EffectivePolicy::profiles)
                        .distinct()
                        .count()
                == 1;
        policies.entrySet().stream()
                .filter(it -> !it.getValue().profiles().isEmpty())
                .map(it -> "  profiles that match%s: %s"
                        .formatted(
                                alike ? "" : " " + it.getKey(),
                                String.join(", ", it.getValue().profiles())))
                .distinct()
                .forEach(out::println);
        if (policies.values().stream().anyMatch(it -> it.mode() == Mode.AUDIT)) {
            out.println("  mode Audit: nothing is written or refused; with Enforce this would be:");
        }
    }

    private void decisions(String indent, List<Decision> decisions) {
        int width = decisions.stream()
                .mapToInt(decision -> decision.rule().length())
                .max()
                .orElse(0);
        for (Decision decision : decisions) {
            String rule = decision.rule() + " ".repeat(width - decision.rule().length());
            String outcome = outcome(decision.outcome(), "%-8s".formatted(decision.outcome()));
            out.println("%s%s  %s  %s".formatted(indent, outcome, rule, Explanation.line(decision)));
        }
    }

    private String outcome(String outcome, String text) {
        return switch (outcome) {
            case "filled", "mutated", "replayed" -> paint.green(text);
            case "clamped", "warned" -> paint.yellow(text);
            case "refused", "denied" -> paint.red(text);
            default -> text;
        };
    }

    private void forecasts(Reviewed object) {
        Kind kind = object.before().kind();
        Course course = object.review().course();
        if (!kind.isRendered() || course == Course.LEFT) {
            return;
        }
        Map<String, List<Decision>> forecasts = object.review().forecasts();
        String rendered = DeploymentMode.of(object.before(), settings.defaultMode()) == DeploymentMode.STANDARD
                ? "Deployment"
                : "Service";
        if (course == Course.UNCHANGED || course == Course.REPLAYED) {
            out.println("  no change to the %ss that KServe renders: they keep the stored values".formatted(rendered));
        } else if (forecasts.isEmpty()) {
            out.println(
                    "  KServe renders nothing that Trimtab fills: stopped, no component, or a graph in Standard mode");
        }
        forecasts.forEach((component, decisions) -> {
            String on = "on the %s that KServe will render for it".formatted(rendered);
            String heading =
                    decisions.isEmpty() ? "no value is certain to be filled " + on : on + ", not on this object:";
            out.println("  %s: %s".formatted(component, heading));
            decisions("    ", decisions);
        });
    }

    private List<String> refusals(Reviewed object) {
        if (object.before().kind() != Kind.KNATIVE_SERVICE || !object.review().isAllowed()) {
            return List.of();
        }
        return object.stored()
                .map(stored -> ServiceRules.onUpdate(object.review().result(), stored.root(), settings.knative()))
                .orElseGet(() -> ServiceRules.onCreate(object.review().result(), settings.knative()));
    }
}
