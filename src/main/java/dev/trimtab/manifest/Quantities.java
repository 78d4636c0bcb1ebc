package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities: {@code "1"}, {@code 1}, {@code "1000m"} and {@code "1e0"} are equal. */
public final class Quantities {
    private static final Set<String> FIELDS_OF = Set.of("limits", "requests");
    private static final Set<String> FIELDS = Set.of("sizeLimit", "divisor");

    private static final Pattern QUANTITY = Pattern.compile("([+-]?[0-9.]+)(?:([eE])([+-]?[0-9]+)|([numkKMGTPEi]*))");
    /** resource.ParseQuantity of apimachinery 0.35: decimal or binary suffix, or an exponent. */
    private static final Pattern PARSED =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");

    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    /** Digits after the point: Kubernetes rounds up to a billionth. */
    private static final int SCALE = 9;

    private static final int MOST_DIGITS = 60;

    private Quantities() {}

    public static boolean isQuantity(String text) {
        return PARSED.matcher(text).matches();
    }

    public static boolean standAt(JsonPointer at) {
        JsonPointer parent = at.head();
        return (parent != null && FIELDS_OF.contains(name(parent))) || FIELDS.contains(name(at));
    }

    public static boolean same(JsonNode one, JsonNode other) {
        Optional<BigDecimal> amount = amount(one);
        return amount.isPresent()
                && amount(other).filter(it -> it.compareTo(amount.get()) == 0).isPresent();
    }

    /** The amount in base units (cores, bytes, pieces). Empty if the text is not a quantity. */
    public static Optional<BigDecimal> amount(JsonNode quantity) {
        if (!quantity.isTextual() && !quantity.isNumber()) {
            return Optional.empty();
        }
        String text = quantity.asText();
        if (isPlain(text)) {
            return Optional.of(new BigDecimal(text));
        }
        try {
            return Optional.of(new Quantity(text).getNumericalAmount()).filter(Quantities::isUsable);
        } catch (IllegalArgumentException | ArithmeticException noQuantity) {
            return Optional.empty();
        }
    }

    /** Kubernetes' own quantities end at 2^63. To add 1e600000000 to another number would take all memory. */
    private static boolean isUsable(BigDecimal amount) {
        return Math.abs((long) amount.scale()) <= MOST_DIGITS && amount.precision() <= MOST_DIGITS;
    }

    /** What most quantities of GPUs are. */
    private static boolean isPlain(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The text that Kubernetes prints for a quantity: {@code "1.5Gi"} gives {@code "1536Mi"}, {@code "1000m"} gives
     * {@code "1"} (Quantity.CanonicalizeBytes of apimachinery 0.35). Text that is not a quantity is returned unchanged.
     */
    public static String canonical(String quantity) {
        Matcher matcher = QUANTITY.matcher(quantity);
        if (!matcher.matches() || amount(TextNode.valueOf(quantity)).isEmpty()) {
            return quantity;
        }
        BigDecimal amount = exact(matcher).setScale(SCALE, RoundingMode.UP).stripTrailingZeros();
        if (amount.signum() == 0) {
            return "0";
        }
        boolean whole = amount.scale() <= 0;
        if (matcher.group(2) != null) {
            return exponent(amount);
        }
        // Fractions, and amounts below 1024, get a decimal suffix: a binary one would lose digits.
        boolean binary = matcher.group(4).endsWith("i") && whole && amount.abs().compareTo(KIBI) >= 0;
        return binary ? binary(amount) : decimal(amount);
    }

    /** Reads all digits: the parser of the Kubernetes client keeps at most 16 digits if the suffix is binary. */
    private static BigDecimal exact(Matcher matcher) {
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            return number.scaleByPowerOfTen(Integer.parseInt(matcher.group(3)));
        }
        String suffix = matcher.group(4);
        return suffix.endsWith("i")
                ? number.multiply(KIBI.pow(BINARY.indexOf(suffix)))
                : number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - 3));
    }

    private static String exponent(BigDecimal amount) {
        int exponent = Math.floorDiv(-amount.scale(), 3) * 3;
        return amount.scaleByPowerOfTen(-exponent).toPlainString() + (exponent == 0 ? "" : "e" + exponent);
    }

    private static String decimal(BigDecimal amount) {
        int unit = Math.min(Math.floorDiv(-amount.scale(), 3), DECIMAL.size() - 4);
        return amount.scaleByPowerOfTen(-3 * unit).toPlainString() + DECIMAL.get(unit + 3);
    }

    private static String binary(BigDecimal amount) {
        int unit = 0;
        BigDecimal rest = amount;
        while (unit < BINARY.size() - 1 && rest.remainder(KIBI).signum() == 0) {
            rest = rest.divide(KIBI);
            unit++;
        }
        return rest.toPlainString() + BINARY.get(unit);
    }

    private static String name(JsonPointer at) {
        return at.last() == null ? "" : at.last().getMatchingProperty();
    }
}
