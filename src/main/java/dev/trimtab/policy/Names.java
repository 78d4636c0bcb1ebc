package dev.trimtab.policy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks names, keys of labels and values of labels as Kubernetes does (k8s.io/apimachinery, util/validation). */
final class Names {
    static final int LONGEST = 63;
    private static final int LONGEST_PREFIX = 253;
    static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(DNS_LABEL + "(\\." + DNS_LABEL + ")*");
    private static final Pattern QUALIFIED = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    private Names() {}

    static Optional<String> dnsLabelFlaw(String name) {
        return fits(DNS_LABEL, LONGEST, name)
                ? Optional.empty()
                : Optional.of("is not a name: use 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends");
    }

    static Optional<String> labelKeyFlaw(String key) {
        return keyFlaw("a label key", key);
    }

    /** As {@link #labelKeyFlaw}, for an annotation's key. Its domain may have capitals. */
    static Optional<String> annotationKeyFlaw(String key) {
        return keyFlaw("an annotation key", key.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> keyFlaw(String what, String key) {
        int slash = key.indexOf('/');
        boolean fits = fits(QUALIFIED, LONGEST, key.substring(slash + 1))
                && (slash < 0 || fits(DNS_SUBDOMAIN, LONGEST_PREFIX, key.substring(0, slash)));
        return fits
                ? Optional.empty()
                : Optional.of("is not " + what + ": use 1 to 63 of a-z, A-Z, 0-9, -, _ and ., with a letter or digit at"
                        + " both ends, and before it, if you like, a domain and /");
    }

    /** Empty if the label value is valid. The empty text is valid. */
    static Optional<String> labelValueFlaw(String value) {
        return value.isEmpty() || fits(QUALIFIED, LONGEST, value)
                ? Optional.empty()
                : Optional.of(
                        "is not a label value: use at most 63 of a-z, A-Z, 0-9, -, _ and ., with a letter or digit"
                                + " at both ends");
    }

    /** @throws IllegalArgumentException if there is a flaw */
    static void require(Optional<String> flaw) {
        flaw.ifPresent(what -> {
            throw new IllegalArgumentException(what);
        });
    }

    /** Checks the length first: the pattern of a subdomain recurses once per dot. */
    private static boolean fits(Pattern pattern, int longest, String text) {
        return text.length() <= longest && pattern.matcher(text).matches();
    }

    /** Annotations and labels that a policy cannot put on pods: Knative, KServe or Trimtab owns them. */
    static final class Reserved {
        private static final String KNATIVE =
                "are Knative's own: it sets some itself and refuses those that it does not know";
        private static final String KSERVE = "are KServe's own: it sets and reads them itself";
        /**
         * Owners by the start of a key. Two starts have no slash: Knative counts every key with such a start as its own, and
         * refuses {@code networking.knative.dev.example/x} (Knative 1.23, networking's metadata_validation.go).
         */
        static final Map<String, String> OWNERS = new LinkedHashMap<>();

        static {
            OWNERS.put(
                    "autoscaling.knative.dev",
                    "are decided by Trimtab, and Knative refuses those that it does not know; use scaling and window");
            OWNERS.put("serving.knative.dev/", KNATIVE);
            OWNERS.put(
                    "queue.sidecar.serving.knative.dev/",
                    "are Knative's own: it refuses values that it cannot read; use config-deployment for all services");
            OWNERS.put("networking.knative.dev", KNATIVE);
            OWNERS.put("serving.kserve.io/", KSERVE);
            OWNERS.put("internal.serving.kserve.io/", KSERVE);
            OWNERS.put("trimtab.dev/", "are Trimtab's own: only the author of a manifest writes them");
        }

        private Reserved() {}

        static Optional<String> annotationFlaw(String key) {
            return Names.annotationKeyFlaw(key).or(() -> owned(key));
        }

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
}
