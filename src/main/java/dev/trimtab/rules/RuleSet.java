package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import java.util.List;

/** All rules, in the order in which they see a document. */
public final class RuleSet {
    private final List<Rule> ofServices = List.of(
            // First: what the others fill depends on whose autoscaler it is.
            new AutoscalerClassRule(),
            // Before initial-scale, which must stay below the bound that is written here.
            new MaxScaleRule(),
            new InitialScaleRule(),
            new WindowRule(),
            new ProgressDeadlineRule(),
            new TimeoutRule(),
            new ConcurrencyRule(),
            new TemplateMetadataRule(),
            new RolloutRule());

    /** For the Deployments of KServe's Standard mode: what is about the pods, not about Knative's autoscaler. */
    private final List<Rule> ofDeployments = List.of(new TemplateMetadataRule());

    /**
     * Applies every rule for its kind to a Knative Service or Deployment, in place.
     *
     * @return what was done and why; applied a second time, the document does not change
     */
    public List<Decision> apply(ObjectNode service, Facts facts) {
        return apply(service, facts, false);
    }

    /**
     * As {@link #apply(ObjectNode, Facts)}.
     *
     * @param podSpecIsFixed fills nothing in the pod spec but what the Revision of the same name has: the UPDATE may go
     *     back to a Revision that still exists, and Knative refuses one of the same name with another spec
     */
    public List<Decision> apply(ObjectNode service, Facts facts, boolean podSpecIsFixed) {
        Draft draft = new Draft(service, facts.policy().conflicts(), podSpecIsFixed, facts.namedRevision());
        KnativeService view = new KnativeService(service);
        if (!view.template().isObject()) {
            draft.leave("all", "spec.template is missing or no map: Knative refuses this with its own message");
        } else if (!view.templateAnnotations().canBeWritten()) {
            draft.leave(
                    "all", "spec.template.metadata.annotations is no map: Knative refuses this with its own message");
        } else {
            (draft.kind() == Kind.DEPLOYMENT ? ofDeployments : ofServices).forEach(rule -> rule.apply(draft, facts));
        }
        return draft.decisions();
    }
}
