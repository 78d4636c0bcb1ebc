package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** Nodes into the JSON that Kubernetes' own reader (sigs.k8s.io/yaml) makes of them. */
final class ContentReader {
    /** Ten lines of aliases to aliases can mean a billion values; honest manifests stay far below this. */
    static final int MOST_VALUES_FROM_ALIASES = 200_000;

    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private int insideAliases;
    private int fromAliases;

    private ContentReader() {}

    /** Missing for a document without any node. */
    static JsonNode read(YamlNode root) throws Unreadable {
        return root == null ? MissingNode.getInstance() : new ContentReader().value(root);
    }

    /** The text of a mapping's key in JSON: {@code on:} is "true", {@code 8080:} is "8080". */
    static String key(YamlNode node) throws Unreadable {
        YamlNode key = node instanceof YamlNode.Alias alias ? alias.target() : node;
        if (!(key instanceof YamlNode.Scalar scalar)) {
            throw Unreadable.at(node, "a key must be text, not a list or a map");
        }
        JsonNode value = PlainScalar.read(scalar);
        if (value.isFloatingPointNumber()) {
            return value.decimalValue().stripTrailingZeros().toPlainString();
        }
        return value.asText();
    }

    private JsonNode value(YamlNode node) throws Unreadable {
        if (insideAliases > 0 && ++fromAliases > MOST_VALUES_FROM_ALIASES) {
            throw Unreadable.at(node, "aliases stand for more than " + MOST_VALUES_FROM_ALIASES + " values");
        }
        if (node instanceof YamlNode.Alias alias) {
            insideAliases++;
            JsonNode value = value(alias.target());
            insideAliases--;
            return value;
        }
        if (node instanceof YamlNode.Sequence sequence) {
            ArrayNode array = json.arrayNode();
            for (YamlNode item : sequence.items()) {
                array.add(value(item));
            }
            return array;
        }
        return node instanceof YamlNode.Mapping mapping ? object(mapping) : PlainScalar.read((YamlNode.Scalar) node);
    }

    private ObjectNode object(YamlNode.Mapping mapping) throws Unreadable {
        ObjectNode object = json.objectNode();
        Set<String> own = new HashSet<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.isMerge()) {
                merge(object, entry.value());
                continue;
            }
            String key = key(entry.key());
            if (!own.add(key)) {
                throw Unreadable.at(entry.key(), "the key \"" + key + "\" appears twice");
            }
            object.set(key, value(entry.value()));
        }
        return object;
    }

    /** A key already there wins, be it the mapping's own or from an earlier map of the list. */
    private void merge(ObjectNode object, YamlNode source) throws Unreadable {
        for (YamlNode map : mergeSources(source)) {
            if (!(value(map) instanceof ObjectNode merged)) {
                throw Unreadable.at(map, "<< takes a map or a list of maps");
            }
            for (Map.Entry<String, JsonNode> field : merged.properties()) {
                object.putIfAbsent(field.getKey(), field.getValue());
            }
        }
    }

    static List<YamlNode> mergeSources(YamlNode source) {
        YamlNode target = source instanceof YamlNode.Alias alias ? alias.target() : source;
        return target instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(source);
    }

    /**
     * What a scalar means to Kubernetes: the YAML 1.1 words and numbers as sigs.k8s.io/yaml 1.6 (goyaml.v2, resolve.go)
     * takes them. Its differences from YAML 1.1 as written: no base-60 numbers, {@code 0o17} is octal, and timestamps
     * stay texts.
     */
    static final class PlainScalar {
        private static final Set<String> TRUE =
                Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
        private static final Set<String> FALSE =
                Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
        private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");

        private static final Pattern INTEGER =
                Pattern.compile("([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|(0|[1-9][0-9]*))");
        private static final Pattern FLOAT =
                Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,9})?");
        private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

        private static final String TAGS = "tag:yaml.org,2002:";

        private PlainScalar() {}

        /** The value of a scalar, quoted or not, tagged or not. */
        static JsonNode read(YamlNode.Scalar scalar) throws Unreadable {
            String text = scalar.value();
            if (scalar.tag() == null) {
                if (scalar.style() != ScalarStyle.PLAIN) {
                    return TextNode.valueOf(text);
                }
                if (NOT_FINITE.matcher(text).matches()) {
                    throw Unreadable.at(scalar, text + " has no form in JSON; put it in quotes to write text");
                }
                return resolve(text);
            }
            JsonNode value =
                    switch (scalar.tag()) {
                        case TAGS + "int", TAGS + "float", TAGS + "bool", TAGS + "null" -> resolve(text);
                        case TAGS + "binary" -> binary(scalar);
                        default -> TextNode.valueOf(text);
                    };
            if (!fits(scalar.tag(), value)) {
                throw Unreadable.at(
                        scalar,
                        "\"" + text + "\" is not a valid !!" + scalar.tag().substring(TAGS.length()));
            }
            return value;
        }

        private static boolean fits(String tag, JsonNode value) {
            return switch (tag) {
                case TAGS + "int" -> value.isIntegralNumber();
                case TAGS + "float" -> value.isNumber();
                case TAGS + "bool" -> value.isBoolean();
                case TAGS + "null" -> value.isNull();
                default -> true;
            };
        }

        private static JsonNode binary(YamlNode.Scalar scalar) throws Unreadable {
            try {
                byte[] bytes = Base64.getMimeDecoder().decode(scalar.value());
                return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw Unreadable.at(scalar, "!!binary is not base64");
            }
        }

        /** The value of a plain scalar without a tag. */
        static JsonNode resolve(String text) {
            if (NULL.contains(text)) {
                return NullNode.getInstance();
            }
            if (TRUE.contains(text)) {
                return BooleanNode.TRUE;
            }
            if (FALSE.contains(text)) {
                return BooleanNode.FALSE;
            }
            char first = text.charAt(0);
            if (first == '.') {
                return FLOAT.matcher(text).matches() ? floating(text, text) : TextNode.valueOf(text);
            }
            if (first == '+' || first == '-' || (first >= '0' && first <= '9')) {
                return number(text);
            }
            return TextNode.valueOf(text);
        }

        private static JsonNode number(String text) {
            String digits = text.replace("_", "");
            Matcher integer = INTEGER.matcher(digits);
            if (integer.matches()) {
                BigInteger value = integer(integer);
                return value.bitLength() < 64 ? whole(value) : floating(value.toString(), text);
            }
            return FLOAT.matcher(digits).matches() ? floating(digits, text) : TextNode.valueOf(text);
        }

        private static BigInteger integer(Matcher parts) {
            BigInteger magnitude;
            if (parts.group(2) != null) {
                magnitude = new BigInteger(parts.group(3), 16);
            } else if (parts.group(4) != null) {
                magnitude = new BigInteger(parts.group(5), 2);
            } else if (parts.group(6) != null) {
                magnitude = new BigInteger(parts.group(7), 8);
            } else {
                magnitude = new BigInteger(parts.group(8));
            }
            return parts.group(1).equals("-") ? magnitude.negate() : magnitude;
        }

        private static JsonNode whole(BigInteger value) {
            if (value.bitLength() < 32) {
                return IntNode.valueOf(value.intValueExact());
            }
            return value.bitLength() < 64 ? LongNode.valueOf(value.longValueExact()) : BigIntegerNode.valueOf(value);
        }

        /**
         * A float64, as Go writes it into JSON and kubectl reads it there (encoding/json, floatEncoder): below 1e21 without an
         * exponent, so that {@code 3.0} and {@code 1e+06} come out as integers. Helm writes large integers so.
         *
         * @param text as its author wrote it: what is too large for a float64 is a text
         */
        private static JsonNode floating(String digits, String text) {
            double number = Double.parseDouble(digits);
            if (Double.isInfinite(number)) {
                return TextNode.valueOf(text);
            }
            boolean integer = Math.abs(number) < 1e21 && number == Math.rint(number);
            return integer ? whole(BigDecimal.valueOf(number).toBigInteger()) : DoubleNode.valueOf(number);
        }
    }
}
