package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Conflicts;
import dev.trimtab.policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.PodSpec;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.stability.Contract;
import dev.trimtab.stability.Outcome;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reviews what KServe renders into Knative Services or Deployments, an InferenceService or InferenceGraph: on the object
 * itself is written only what cannot be written on those. Its author is told what they will get, while there is a person
 * to tell.
 */
final class RenderedReview {
    private final RuleSet rules;

    RenderedReview(RuleSet rules) {
        this.rules = rules;
    }

    /** @param advice what its author should know besides */
    Review of(Manifest object, Optional<Manifest> stored, FactsLookup lookup, List<Decision> advice) {
        Map<String, Facts> components = lookup.ofComponents(object);
        Facts whole = components.values().stream().findFirst().orElseGet(() -> lookup.ofObject(object));
        Conflicts conflicts = whole.policy().conflicts();
        Contract contract = new Contract(whole, (document, podSpec) -> rules.apply(document, components, conflicts));
        Outcome outcome = contract.admit(object.root(), stored.map(Manifest::root));
        Map<String, List<Decision>> forecasts = forecasts(new Manifest(outcome.result()), stored, lookup);
        Notices notices = new Notices(whole, outcome);
        forecasts.forEach(notices::addForecast);
        notices.addAdvice(advice);
        List<Decision> decisions = new ArrayList<>(outcome.decisions());
        decisions.addAll(advice);
        boolean rolls = outcome.course() == Course.UNCHANGED && !forecasts.isEmpty();
        return new Review(
                object.kind(),
                rolls ? Course.CHANGED : outcome.course(),
                outcome.result(),
                decisions,
                forecasts,
                notices.warnings(),
                notices.refusal());
    }

    /** What the rules will decide on each Service or Deployment, by component; nothing where none of them changes. */
    private Map<String, List<Decision>> forecasts(Manifest result, Optional<Manifest> stored, FactsLookup lookup) {
        AutoscalerConfig autoscaler = lookup.settings().knative().autoscaler();
        DeploymentMode byDefault = lookup.settings().defaultMode();
        Map<String, ObjectNode> workloads = Rendering.workloads(result, byDefault, autoscaler);
        boolean unchanged = stored.isPresent()
                && result.root().path("spec").equals(stored.get().root().path("spec"))
                && workloads.equals(Rendering.workloads(stored.get(), byDefault, autoscaler));
        if (unchanged) {
            return Map.of();
        }
        Map<String, List<Decision>> before =
                stored.map(it -> decisions(it, lookup, true, Map.of())).orElse(Map.of());
        return decisions(result, lookup, stored.isPresent(), before);
    }

    /** @param before of the stored object: what Knative refuses of that already denies no UPDATE of something else */
    private Map<String, List<Decision>> decisions(
            Manifest object, FactsLookup lookup, boolean update, Map<String, List<Decision>> before) {
        KnativeConfig knative = lookup.settings().knative();
        Map<String, List<Decision>> decisions = new LinkedHashMap<>();
        Rendering.workloads(object, lookup.settings().defaultMode(), knative.autoscaler())
                .forEach((name, workload) -> {
                    Facts facts = lookup.ofForecast(object, new Manifest(workload), update);
                    List<Decision> decided = rules.apply(workload, facts, PodSpec.FORECAST);
                    boolean deny = facts.policy().conflicts() == Conflicts.DENY
                            && facts.policy().mode() == Mode.ENFORCE;
                    Component component = Component.find(object.root(), name).orElseThrow();
                    Set<String> known = RenderedRefusals.texts(before.getOrDefault(name, List.of()));
                    decisions.put(name, new RenderedRefusals(component, deny, known).after(decided, workload, knative));
                });
        return decisions;
    }
}
