package dev.trimtab.cli.print;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of other software that CI runs Trimtab with, and the oldest that Trimtab needs. */
public enum TestedVersions {
    KUBERNETES("Kubernetes", "1.30", List.of("1.36")),
    KNATIVE("Knative Serving", "", List.of("1.23")),
    /** As recordings of what these versions send and write. */
    KSERVE("KServe", "", List.of("0.14.1", "0.15.2", "0.17.0", "0.20.0")),
    /** CI checks the manifests for cert-manager, but does not run cert-manager. */
    CERT_MANAGER("cert-manager", "1.0", List.of()),
    /** As the CRD and the samples. The checks of PodAutoscalers were read from the source of these versions. */
    AIBRIX("AIBrix", "", List.of("0.5", "0.6", "0.7"));

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6}).*");

    private final String product;
    private final String oldest;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> tested;

    TestedVersions(String product, String oldest, List<String> tested) {
        this.product = product;
        this.oldest = oldest;
        this.tested = tested;
    }

    public enum Verdict {
        TOO_OLD,
        /** CI runs this minor version, an older and a newer one, or none. */
        KNOWN,
        /** Older than all that CI runs, and not older than what Trimtab needs. */
        OLDER,
        NEWER,
        /** Not a version, such as {@code devel}. */
        UNKNOWN
    }

    public String product() {
        return product;
    }

    /** Empty if Trimtab needs no version. */
    public String oldest() {
        return oldest;
    }

    /** In ascending order. Empty if CI does not run the product. */
    public List<String> tested() {
        return tested;
    }

    /** @param version such as {@code v1.36.3} or {@code 1.30}; only major and minor count */
    public Verdict verdict(String version) {
        int[] minor = minor(version);
        if (minor.length == 0) {
            return Verdict.UNKNOWN;
        }
        if (!oldest.isEmpty() && Arrays.compare(minor, minor(oldest)) < 0) {
            return Verdict.TOO_OLD;
        }
        if (tested.isEmpty()) {
            return Verdict.KNOWN;
        }
        if (Arrays.compare(minor, minor(tested.get(tested.size() - 1))) > 0) {
            return Verdict.NEWER;
        }
        return Arrays.compare(minor, minor(tested.get(0))) < 0 ? Verdict.OLDER : Verdict.KNOWN;
    }

    private static int[] minor(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        return numbers.matches()
                ? new int[] {Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))}
                : new int[0];
    }
}
