package dev.trimtab.knative;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Kubernetes quantity as the API server prints it: "2.5" is "2500m", "1024Mi" is "1Gi", "1000" is "1k". */
final class CanonicalQuantity {
    private static final Pattern QUANTITY = Pattern.compile("([+-]?[0-9.]+)([a-zA-Z]*)");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

    private CanonicalQuantity() {}

    static String of(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return text; // with an exponent: not needed here
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (number.signum() == 0) {
            return "0";
        }
        String suffix = matcher.group(2);
        if (suffix.endsWith("i")) {
            BigDecimal bytes = number.multiply(BigDecimal.valueOf(1024).pow(BINARY.indexOf(suffix)));
            boolean whole = bytes.remainder(BigDecimal.ONE).signum() == 0;
            if (whole && bytes.abs().compareTo(BigDecimal.valueOf(1024)) >= 0) {
                return print(bytes, BINARY, 1024, 0);
            }
            return print(bytes.scaleByPowerOfTen(9), DECIMAL, 1000, 0);
        }
        return print(number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - 3) + 9), DECIMAL, 1000, 0);
    }

    /** The largest unit that leaves no fraction; {@code number} is in the smallest. */
    private static String print(BigDecimal number, List<String> units, int step, int unit) {
        BigDecimal[] next = number.divideAndRemainder(BigDecimal.valueOf(step));
        if (next[1].signum() != 0 || unit == units.size() - 1) {
            return number.stripTrailingZeros().toPlainString() + units.get(unit);
        }
        return print(next[0], units, step, unit + 1);
    }
}
