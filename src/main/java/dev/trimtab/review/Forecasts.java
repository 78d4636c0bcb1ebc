package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.KnativeConfig;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the rules will decide on each Service or Deployment that KServe renders of an InferenceService or InferenceGraph.
 * The author is told while there is a person to tell: KServe reads the warnings of what it writes itself.
 */
record Forecasts(RuleSet rules, FactsLookup lookup) {
    /** By component; nothing if an UPDATE changes none of them. */
    Map<String, List<Decision>> of(Manifest object, Optional<Manifest> stored) {
        AutoscalerConfig autoscaler = lookup.settings().knative().autoscaler();
        DeploymentMode byDefault = lookup.settings().defaultMode();
        boolean unchanged = stored.isPresent()
                && object.root().path("spec").equals(stored.get().root().path("spec"))
                && Rendering.workloads(object, byDefault, autoscaler)
                        .equals(Rendering.workloads(stored.get(), byDefault, autoscaler));
        if (unchanged) {
            return Map.of();
        }
        Map<String, List<Decision>> before =
                stored.map(it -> decisions(it, true, Map.of())).orElse(Map.of());
        return decisions(object, stored.isPresent(), before);
    }

    /** @param before of the stored object: what Knative refuses of that already denies no UPDATE of something else */
    private Map<String, List<Decision>> decisions(Manifest object, boolean update, Map<String, List<Decision>> before) {
        KnativeConfig knative = lookup.settings().knative();
        Map<String, ObjectNode> workloads =
                Rendering.workloads(object, lookup.settings().defaultMode(), knative.autoscaler());
        Map<String, List<Decision>> decisions = new LinkedHashMap<>();
        workloads.forEach((name, workload) -> {
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
