package dev.trimtab.policy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.GoValues;
import dev.trimtab.manifest.Quantities;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads numbers and durations. Only plain digits are a number: YAML 1.1 also has {@code 010} for 8 and {@code 1:30} for
 * 90, and YAML 1.2 reads both otherwise.
 */
final class Numbers {
    /** No value of a policy needs as much, and a number of a hundred thousand digits costs time. */
    private static final int LONGEST = 20;

    private static final Pattern PLAIN = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    static final Pattern MEMORY = Pattern.compile("(0|[1-9][0-9]{0,15})(\\.[0-9]{1,6})?([KMGT]i|[kMGT])");
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");

    private Numbers() {}

    /** A number, with or without decimals; {@code 80.0} is {@code 80}. */
    static Optional<BigDecimal> number(YamlValue value, Bounds bounds) {
        return digits(value, PLAIN, "a number").flatMap(written -> {
            BigDecimal number = new BigDecimal(written).stripTrailingZeros();
            return within(value, bounds, number.scale() < 0 ? number.setScale(0) : number, written);
        });
    }

    static Optional<Integer> whole(YamlValue value, Bounds bounds) {
        return digits(value, WHOLE, "a whole number")
                .flatMap(written -> within(value, bounds, new BigDecimal(written), written))
                .map(BigDecimal::intValueExact);
    }

    /** A duration as Go spells it, in seconds. */
    static Optional<Integer> seconds(YamlValue value, Bounds bounds) {
        String expected = "a duration such as 90s, 2m or 1h";
        if (isNumber(value.node())) {
            return value.wrongType(expected, "; add the unit");
        }
        if (!value.node().getTag().equals(Tag.STR)) {
            return value.wrongType(expected, "");
        }
        return value.text(text ->
                        GoValues.duration(text).isPresent() ? Optional.empty() : Optional.of("is not " + expected))
                .flatMap(text -> seconds(value, bounds, text));
    }

    private static Optional<Integer> seconds(YamlValue value, Bounds bounds, String text) {
        Duration duration = GoValues.duration(text).orElseThrow();
        if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
            value.refuse(Quoted.of(text) + " is not in whole seconds");
            return Optional.empty();
        }
        return within(value, bounds, BigDecimal.valueOf(duration.toSeconds()), Quoted.of(text))
                .map(BigDecimal::intValueExact);
    }

    /** An amount of memory as Kubernetes spells it, in bytes: {@code 12Gi}. */
    static Optional<BigDecimal> bytes(YamlValue value, Bounds bounds) {
        String expected = "an amount of memory such as 12Gi or 800Mi";
        if (isNumber(value.node())) {
            return value.wrongType(expected, "; add the unit");
        }
        if (!value.node().getTag().equals(Tag.STR)) {
            return value.wrongType(expected, "");
        }
        return value.text(text -> MEMORY.matcher(text).matches() ? Optional.empty() : Optional.of("is not " + expected))
                .flatMap(text -> Quantities.amount(TextNode.valueOf(text))
                        .flatMap(amount -> within(value, bounds, amount, Quoted.of(text))));
    }

    private static Optional<BigDecimal> within(YamlValue value, Bounds bounds, BigDecimal number, String written) {
        Optional<String> flaw = bounds.flaw(number, written);
        flaw.ifPresent(value::refuse);
        return flaw.isEmpty() ? Optional.of(number) : Optional.empty();
    }

    /** What the policy says, if it is a number in the form of {@code digits}. */
    private static Optional<String> digits(YamlValue value, Pattern digits, String expected) {
        if (!(value.node() instanceof ScalarNode scalar)) {
            return value.wrongType(expected, "");
        }
        String written = scalar.getValue();
        boolean fits = written.length() <= LONGEST && digits.matcher(written).matches();
        if (isNumber(scalar) && fits) {
            return Optional.of(written);
        }
        if (isNumber(scalar) && written.length() > LONGEST) {
            return value.wrongType(expected + " of at most " + LONGEST + " characters", "");
        }
        if (isNumber(scalar) && !PLAIN.matcher(written).matches()) {
            return value.wrongType(expected + " in plain digits", "");
        }
        return value.wrongType(expected, fits ? "; leave out the quotes" : "");
    }

    private static boolean isNumber(Node node) {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }
}
