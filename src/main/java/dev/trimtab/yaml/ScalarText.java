package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.NodeReader.ContentReader.PlainScalar;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Writes scalars that YAML 1.1 and YAML 1.2 readers read as the same value. */
final class ScalarText {
    private static final Set<String> WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity");

    private static final Pattern SAFE_START = Pattern.compile("(?:-{0,2}[\\p{L}_/]|[\\p{L}_/$(]).*");

    /** Quantities and durations. They start with a digit, but no YAML reader reads them as numbers. */
    private static final Pattern QUANTITY =
            Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?:m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|s|ms|h|%)");

    private static final String UNSAFE = "#\"'`\\\t";
    private static final String UNSAFE_IN_FLOW = ",[]{}:?";

    private ScalarText() {}

    static String of(JsonNode value, boolean inFlow) {
        if (value.isTextual() || value.isBinary() || value.isPojo()) {
            String text = value.asText();
            return isPlainSafe(text, inFlow) ? text : readable(text);
        }
        return other(value);
    }

    /** As {@link #of}, but keeps the quotes of the replaced value if possible. */
    static String like(ScalarStyle style, JsonNode value, boolean inFlow) {
        if (value.isTextual() && style == ScalarStyle.DOUBLE_QUOTED) {
            return quoted(value.textValue());
        }
        if (value.isTextual() && style == ScalarStyle.SINGLE_QUOTED && isPrintable(value.textValue())) {
            return singleQuoted(value.textValue());
        }
        return of(value, inFlow);
    }

    /** Puts a text with JSON in it into single quotes, so that its double quotes need no escapes. */
    private static String readable(String text) {
        boolean json = text.indexOf('"') >= 0 && text.indexOf('\'') < 0 && isPrintable(text);
        return json ? singleQuoted(text) : quoted(text);
    }

    private static String singleQuoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String json(JsonNode value) {
        boolean text = value.isTextual() || value.isBinary() || value.isPojo();
        return text ? quoted(value.asText()) : other(value);
    }

    private static String other(JsonNode value) {
        if (Trees.isNull(value)) {
            return "null";
        }
        if (!value.isFloatingPointNumber()) {
            return value.asText();
        }
        if (!value.isBigDecimal() && !Double.isFinite(value.doubleValue())) {
            throw new IllegalArgumentException(value + " has no form in JSON");
        }
        String number = value.decimalValue().toString();
        if (number.contains(".")) {
            return number;
        }
        // Without the point, YAML 1.1 readers read 1E+3 as text, and all readers read 1 as an integer.
        int exponent = number.indexOf('E');
        return exponent < 0 ? number + ".0" : number.substring(0, exponent) + ".0" + number.substring(exponent);
    }

    private static boolean isPlainSafe(String text, boolean inFlow) {
        if (!SAFE_START.matcher(text).matches()) {
            return QUANTITY.matcher(text).matches();
        }
        if (WORDS.contains(text.toLowerCase(Locale.ROOT)) || text.endsWith(" ") || text.endsWith(":")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (UNSAFE.indexOf(c) >= 0 || (inFlow && UNSAFE_IN_FLOW.indexOf(c) >= 0)) {
                return false;
            }
        }
        return isPrintable(text) && !text.contains(": ") && isText(text);
    }

    /** Both parsers must read it as text, in case a rule above is too lenient. */
    private static boolean isText(String text) {
        return PlainScalar.resolve(text).isTextual()
                && new Resolver().resolve(NodeId.scalar, text, true).equals(Tag.STR);
    }

    private static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(ScalarText::needsEscape);
    }

    private static boolean needsEscape(int c) {
        return c < 0x20
                || (c >= 0x7f && c < 0xa0)
                || c == 0x2028
                || c == 0x2029
                || c == 0xfeff
                || (c >= 0xd800 && c < 0xe000)
                || c == 0xfffe
                || c == 0xffff;
    }

    /** In double quotes, with escapes that JSON knows too. */
    static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (needsEscape(c)) {
                        result.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        result.appendCodePoint(c);
                    }
                }
            }
        });
        return result.append('"').toString();
    }
}
