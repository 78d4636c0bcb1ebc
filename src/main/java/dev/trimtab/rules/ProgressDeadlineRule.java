package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.OptionalInt;

/**
 * Gives a revision the time that its model needs to load.
 *
 * <p>Knative gives up a new revision after its progress deadline, 600 seconds by default, and kills a model that is
 * still loading. The start-up time comes from annotation {@code trimtab.dev/startup-seconds} on the template, or from
 * a profile's {@code startupSeconds}. This rule fills {@code serving.knative.dev/progress-deadline} with twice that
 * time plus a minute, at least 600 seconds, if that is above the cluster's own deadline. It leaves what the author
 * wrote, and does nothing if the start-up time is unknown.
 *
 * <p>Example: {@code startup-seconds: "900"} gives {@code progress-deadline: "1860s"}. Source: Knative 1.23,
 * deployment.yaml, {@code progress-deadline}; revision_validation.go 223-247.
 */
final class ProgressDeadlineRule implements WorkloadRule {
    private static final String KEY = "serving.knative.dev/progress-deadline";
    private static final JsonPointer AT = KnativeService.annotation(KEY);
    private static final int LEAST = 600;
    private static final int MARGIN = 60;

    @Override
    public void apply(Draft draft, Facts facts) {
        OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
        if (startup.isEmpty()) {
            return;
        }
        int seconds = Math.max(LEAST, 2 * startup.getAsInt() + MARGIN);
        long given = facts.knative().deployment().progressDeadline().toSeconds();
        if (seconds > given) {
            String because = "a pod takes %d s to start, and the cluster gives a revision up after %d s"
                    .formatted(startup.getAsInt(), given);
            draft.fill(AT, seconds + "s", because);
        }
    }

    /** Knative's deadline for the revision, as the draft stands. */
    static long seconds(Draft draft, Facts facts) {
        return draft.templateAnnotations()
                .text(KEY)
                .flatMap(GoParsing::duration)
                .orElse(facts.knative().deployment().progressDeadline())
                .toSeconds();
    }
}
