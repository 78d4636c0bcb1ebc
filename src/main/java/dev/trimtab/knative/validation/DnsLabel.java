package dev.trimtab.knative.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks names as k8s.io/apimachinery/pkg/util/validation does, with its messages. */
final class DnsLabel {
    private static final int LONGEST = 63;
    private static final Pattern RFC_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern RFC_1123 = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private DnsLabel() {}

    /** Why a name is no DNS 1035 label, in brackets as Go prints a list. Empty if it is one. */
    static Optional<String> objection(String name) {
        List<String> objections = new ArrayList<>();
        if (name.length() > LONGEST) {
            objections.add("must be no more than 63 characters");
        }
        if (!RFC_1035.matcher(name).matches()) {
            objections.add("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                    + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',"
                    + " regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
        }
        return objections.isEmpty() ? Optional.empty() : Optional.of("[" + String.join(" ", objections) + "]");
    }

    /** For a generateName, which may end in a dash. */
    static Optional<String> prefixObjection(String prefix) {
        return objection(
                prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix);
    }

    static boolean isRfc1123(String name) {
        return name.length() <= LONGEST && RFC_1123.matcher(name).matches();
    }
}
