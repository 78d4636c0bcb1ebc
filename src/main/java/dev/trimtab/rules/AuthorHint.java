package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.KnativeService;
import java.util.Optional;
import java.util.OptionalInt;

/** What an author says about a model in annotations of the template. An annotation wins over a profile. */
public enum AuthorHint {
    /** How long a pod takes until it answers, in seconds. */
    STARTUP("trimtab.dev/startup-seconds"),
    /** The longest whole response, in seconds. */
    MAX_RESPONSE("trimtab.dev/max-response-seconds");

    /** A day. */
    static final int LONGEST = 86_400;

    private final String key;

    AuthorHint(String key) {
        this.key = key;
    }

    /** From 1 to 86,400; empty if nobody says. */
    OptionalInt seconds(Draft draft, Facts facts) {
        return seconds(draft.templateAnnotations(), facts);
    }

    OptionalInt seconds(Annotations annotations, Facts facts) {
        Optional<Integer> profile = this == STARTUP
                ? facts.policy().serving().startupSeconds()
                : facts.policy().serving().maxResponseSeconds();
        OptionalInt written = written(annotations);
        return written.isPresent() ? written : profile.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    String key() {
        return key;
    }

    JsonPointer at() {
        return KnativeService.annotation(key);
    }

    /** From 1 to 86,400. */
    public OptionalInt written(Annotations annotations) {
        OptionalInt seconds = annotations.text(key).map(GoParsing::int32).orElse(OptionalInt.empty());
        boolean sound = seconds.isPresent() && seconds.getAsInt() >= 1 && seconds.getAsInt() <= LONGEST;
        return sound ? seconds : OptionalInt.empty();
    }
}
