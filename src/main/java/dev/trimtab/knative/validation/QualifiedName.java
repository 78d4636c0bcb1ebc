package dev.trimtab.knative.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks keys of labels and annotations, and values of labels (apimachinery, util/validation/validation.go). */
public final class QualifiedName {
    private static final int MOST = 63;
    private static final int MOST_OF_PREFIX = 253;
    private static final String PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final Pattern NAME = Pattern.compile(PART);
    private static final Pattern VALUE = Pattern.compile("(" + PART + ")?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private QualifiedName() {}

    /** @param name may have a prefix: {@code example.com/name} */
    public static Optional<String> objection(String name) {
        List<String> reasons = new ArrayList<>();
        String[] parts = name.split("/", -1);
        String last = parts[parts.length - 1];
        if (parts.length > 2) {
            return Optional.of(
                    "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start"
                            + " and end with an alphanumeric character with an optional DNS subdomain prefix and '/'");
        }
        if (parts.length == 2
                && (parts[0].length() > MOST_OF_PREFIX
                        || !SUBDOMAIN.matcher(parts[0]).matches())) {
            reasons.add("prefix part must be a DNS subdomain of at most " + MOST_OF_PREFIX + " characters");
        }
        if (last.length() > MOST) {
            reasons.add("name part must be no more than " + MOST + " bytes");
        }
        if (!NAME.matcher(last).matches()) {
            reasons.add(
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                            + " an alphanumeric character");
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", reasons));
    }

    public static Optional<String> objectionToValue(String value) {
        boolean fits = value.length() <= MOST && VALUE.matcher(value).matches();
        return fits
                ? Optional.empty()
                : Optional.of(
                        "a label's value must be of at most " + MOST + " alphanumeric characters, '-', '_' or '.',"
                                + " and must start and end with an alphanumeric character");
    }
}
