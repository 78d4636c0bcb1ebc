package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.rules.Draft.PodSpec;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import dev.trimtab.rules.Rule.ComponentRule;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

public final class RuleSet {
    private final List<WorkloadRule> ofServices = List.of(
            // First: the other fills depend on the autoscaler.
            new AutoscalerClassRule(),
            // Before initial-scale, which must stay below the max-scale that is written here.
            new MaxScaleRule(),
            new InitialScaleRule(),
            new WindowRule(),
            new ProgressDeadlineRule(),
            new TimeoutRule(),
            new ConcurrencyRule(),
            // After progress-deadline, with which it compares an author's startup probe.
            new ProbesRule(),
            new ModelVolumeRule(),
            new GpuMemoryRule(),
            new TemplateRule(),
            // After every rule that fills in the pod spec: it pins only what these left open.
            new PinnedDefaultsRule(),
            new RolloutRule(),
            // Last: they also look at what the others have filled, and only warn.
            new GpuFamilyRule(),
            new GpuAmountRule(),
            new GpuPodRule(),
            new ServerlessRule(),
            new FeatureFlagsRule());

    /** For the Deployments of KServe's Standard mode: the rules about pods. */
    private final List<WorkloadRule> ofDeployments = List.of(
            new ProbesRule(),
            new ModelVolumeRule(),
            new GpuMemoryRule(),
            new TemplateRule(),
            new GpuFamilyRule(),
            new GpuAmountRule(),
            new GpuPodRule(),
            new ServerlessRule());

    private final List<ComponentRule> ofComponents = List.of(
            new ComponentClassRule(), new ComponentTimeoutRule(), new ComponentRolloutRule(), new StandardModeRule());

    /** They judge what the author wrote, not what Trimtab makes of it. */
    private final List<AuthorRule> ofAuthors =
            List.of(new OverwrittenScaleRule(), new UnreadKeysRule(), new OwnValuesRule(), new MisplacedGpuRule());

    public List<Decision> look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster) {
        List<Decision> warnings = new ArrayList<>();
        for (AuthorRule rule : ofAuthors) {
            Author author = (at, because) -> warnings.add(new Decision.Warned(rule.id(), at, because));
            rule.look(object, byDefault, cluster, author);
        }
        return warnings;
    }

    public List<Decision> apply(ObjectNode object, Map<String, Facts> facts, Conflicts conflicts) {
        Draft draft = new Draft(object, conflicts, PodSpec.WHOLE, Optional.empty());
        if (!facts.isEmpty()) {
            for (ComponentRule rule : ofComponents) {
                draft.by(rule);
                rule.apply(draft, facts);
            }
        }
        return draft.decisions();
    }

    /** Applied a second time, the rules do not change the document. */
    public List<Decision> apply(ObjectNode service, Facts facts) {
        return apply(service, facts, PodSpec.WHOLE);
    }

    /**
     * @param podSpec a fixed one gets only the values of the Revision of the same name: Knative refuses that Revision
     *     with another spec, and the UPDATE may go back to it
     */
    public List<Decision> apply(ObjectNode service, Facts facts, PodSpec podSpec) {
        Draft draft = new Draft(service, facts.policy().conflicts(), podSpec, facts.namedRevision());
        KnativeService view = new KnativeService(service);
        if (!view.template().isObject()) {
            draft.leave("spec.template is missing or not a map: Knative refuses this with its own message");
        } else if (!view.templateAnnotations().canBeWritten()) {
            draft.leave("spec.template.metadata.annotations is not a map: Knative refuses this with its own message");
        } else {
            for (WorkloadRule rule : draft.kind() == Kind.DEPLOYMENT ? ofDeployments : ofServices) {
                draft.by(rule);
                rule.apply(draft, facts);
            }
        }
        return draft.decisions();
    }
}
