package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import java.util.List;

/** All rules, in the order in which they see a document. */
public final class RuleSet {
    private final List<Rule> rules = List.of(
            // Before initial-scale, which must stay below the bound that is written here.
            new MaxScaleRule(), new InitialScaleRule());

    /**
     * Applies every rule to a Knative Service, in place.
     *
     * @return what was done and why; applied a second time, the document does not change
     */
    public List<Decision> apply(ObjectNode service, Facts facts) {
        Draft draft = new Draft(service, facts.policy().conflicts());
        KnativeService view = new KnativeService(service);
        if (!view.template().isObject()) {
            draft.leave("all", "spec.template is missing or no map: Knative refuses this with its own message");
        } else if (!view.templateAnnotations().canBeWritten()) {
            draft.leave(
                    "all", "spec.template.metadata.annotations is no map: Knative refuses this with its own message");
        } else {
            rules.forEach(rule -> rule.apply(draft, facts));
        }
        return draft.decisions();
    }
}
