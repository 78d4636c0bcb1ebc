package dev.trimtab.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The annotations and labels that a policy cannot put on pods, because they are somebody's own. */
final class Reserved {
    private static final String KNATIVE =
            "are Knative's own: it sets some itself and refuses those that it does not know";
    static final Map<String, String> OWNERS = new LinkedHashMap<>();

    static {
        OWNERS.put(
                "autoscaling.knative.dev/",
                "are decided by Trimtab, and Knative refuses those that it does not know; use scaling and window");
        OWNERS.put("serving.knative.dev/", KNATIVE);
        OWNERS.put("networking.knative.dev/", KNATIVE);
        OWNERS.put("serving.kserve.io/", "are KServe's own: it sets and reads them itself");
        OWNERS.put("trimtab.dev/", "are Trimtab's own: only the author of a manifest writes them");
    }

    private Reserved() {}

    /** What is wrong with {@code key} as an annotation that a profile sets; empty if nothing is. */
    static Optional<String> annotationFlaw(String key) {
        return Names.annotationKeyFlaw(key).or(() -> owned(key));
    }

    /** What is wrong with {@code key} as a label that a profile sets; empty if nothing is. */
    static Optional<String> labelFlaw(String key) {
        return Names.labelKeyFlaw(key).or(() -> owned(key));
    }

    private static Optional<String> owned(String key) {
        return OWNERS.entrySet().stream()
                .filter(owner -> key.startsWith(owner.getKey()))
                .map(owner -> "is not for profiles: keys under " + owner.getKey() + " " + owner.getValue())
                .findFirst();
    }
}
