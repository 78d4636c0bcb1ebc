package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.kserve.RenderedProblem;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Draft.PodSpec;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The decisions on each Service or Deployment that KServe renders for an InferenceService or InferenceGraph. The author
 * is told here: warnings on KServe's own writes reach only KServe.
 */
record Forecasts(RuleSet rules, FactsLookup lookup) {
    /** By component. Empty if an UPDATE changes no rendered object. */
    Map<String, List<Decision>> of(Manifest object, Optional<Manifest> stored) {
        boolean unchanged = stored.isPresent()
                && object.root().path("spec").equals(stored.get().root().path("spec"))
                && workloads(object).equals(workloads(stored.get()));
        if (unchanged) {
            return Map.of();
        }
        Map<String, List<Decision>> before =
                stored.map(it -> decisions(it, true, Map.of())).orElse(Map.of());
        return decisions(object, stored.isPresent(), before);
    }

    private Map<String, ObjectNode> workloads(Manifest object) {
        Map<String, ObjectNode> workloads = Rendering.workloads(
                object,
                lookup.settings().defaultMode(),
                lookup.settings().knative().autoscaler());
        workloads.values().forEach(ScheduleKeys::takeOut);
        return workloads;
    }

    /** @param before decisions on the stored object; what Knative refuses there already does not deny an UPDATE */
    private Map<String, List<Decision>> decisions(Manifest object, boolean update, Map<String, List<Decision>> before) {
        KnativeConfig knative = lookup.settings().knative();
        Map<String, List<Decision>> decisions = new LinkedHashMap<>();
        workloads(object).forEach((name, workload) -> {
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

    /** Adds the problems that Knative will refuse a rendered Service for, after the rules. */
    static final class RenderedRefusals {
        private static final String ID = "knative";

        /** Marks warnings of rules that explain Knative's reason better, such as a flag that is off. */
        private static final String SAID = "Knative refuses";

        private final Component component;
        private final boolean deny;
        private final Set<String> known;

        /**
         * @param deny whether the policy refuses such an object
         * @param known texts of refusals of the stored object, which do not deny an UPDATE
         */
        RenderedRefusals(Component component, boolean deny, Set<String> known) {
            this.component = component;
            this.deny = deny;
            this.known = known;
        }

        /** @param workload with the fills and clamps of the rules */
        List<Decision> after(List<Decision> decided, ObjectNode workload, KnativeConfig knative) {
            if (new Manifest(workload).kind() != Kind.KNATIVE_SERVICE) {
                return decided;
            }
            List<Decision> decisions = new ArrayList<>(decided);
            for (RenderedProblem problem : RenderedProblem.of(component, workload, knative)) {
                boolean said = false;
                for (int i = 0; i < decisions.size(); i++) {
                    Decision decision = decisions.get(i);
                    if (says(decision) && isAbout(decision, problem)) {
                        said = true;
                        if (decision instanceof Decision.Warned) {
                            decisions.set(i, refusal(decision.rule(), decision.at(), decision.because()));
                        }
                    }
                }
                if (!said) {
                    decisions.add(refusal(ID, problem.rendered(), text(problem)));
                }
            }
            return decisions;
        }

        static Set<String> texts(List<Decision> decisions) {
            return decisions.stream()
                    .filter(it -> it instanceof Decision.KnativeRefuses || it instanceof Decision.Refused)
                    .map(Decision::because)
                    .collect(Collectors.toSet());
        }

        private Decision refusal(String rule, JsonPointer at, String because) {
            return deny && !known.contains(because)
                    ? new Decision.Refused(rule, at, because)
                    : new Decision.KnativeRefuses(rule, at, because);
        }

        private static boolean says(Decision decision) {
            return decision instanceof Decision.Refused
                    || decision instanceof Decision.KnativeRefuses
                    || (decision instanceof Decision.Warned
                            && decision.because().contains(SAID));
        }

        private boolean isAbout(Decision decision, RenderedProblem problem) {
            String one = AuthoredPlace.nearest(component, decision.at()) + "/";
            String other = problem.authored() + "/";
            return one.startsWith(other) || other.startsWith(one);
        }

        private String text(RenderedProblem problem) {
            return "%s %s: %s".formatted(SAID, name(problem.authored()), problem.message());
        }

        /** The key of an annotation, or the path from the component. */
        private String name(JsonPointer authored) {
            if (authored.equals(component.at())) {
                return "its pod";
            }
            if (authored.head().toString().endsWith("/annotations")) {
                return authored.last().getMatchingProperty();
            }
            String path = authored.toString();
            String own = component.at() + "/";
            String inside = path.substring(path.startsWith(own) ? own.length() : 1);
            return inside.replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.').replace("~1", "/");
        }
    }
}
