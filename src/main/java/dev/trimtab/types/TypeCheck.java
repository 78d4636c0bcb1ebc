package dev.trimtab.types;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Place;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.types.Type.Amount;
import dev.trimtab.types.Type.Anything;
import dev.trimtab.types.Type.Bool;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.MapOf;
import dev.trimtab.types.Type.NumberOrText;
import dev.trimtab.types.Type.Struct;
import dev.trimtab.types.Type.Text;
import dev.trimtab.types.Type.WholeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds all values of the wrong type in a document. Go's decoder would report only the first one. */
public final class TypeCheck {
    private final List<TypeProblem> problems = new ArrayList<>();

    private TypeCheck() {}

    public static List<TypeProblem> of(JsonNode document, Type type) {
        TypeCheck check = new TypeCheck();
        check.walk(document, type, Place.of(JsonPointer.empty()));
        return List.copyOf(check.problems);
    }

    private void walk(JsonNode value, Type type, Place at) {
        if (value.isNull() || value.isMissingNode()) {
            return;
        }
        if (!fits(value, type)) {
            problems.add(new TypeProblem(at.pointer(), at.path(), value, type));
        } else if (type instanceof ListOf list) {
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), list.element(), at.item(i));
            }
        } else if (type instanceof MapOf map) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                walk(entry.getValue(), map.value(), at.field(entry.getKey()));
            }
        } else if (type instanceof Kubernetes kubernetes) {
            fields(value, kubernetes.struct(), at);
        } else if (type instanceof Struct struct) {
            fields(value, struct, at);
        }
    }

    private void fields(JsonNode map, Struct struct, Place at) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            Type type = struct.fields().getOrDefault(entry.getKey(), Type.ANYTHING);
            walk(entry.getValue(), type, at.field(entry.getKey()));
        }
    }

    private static boolean fits(JsonNode value, Type type) {
        if (type instanceof Anything) {
            return true;
        }
        if (type instanceof Bool) {
            return value.isBoolean();
        }
        if (type instanceof WholeNumber range) {
            return isWhole(value, range);
        }
        if (type instanceof Amount) {
            // The API server reads a number as its text, and trims white space.
            return value.isNumber()
                    || (value.isTextual()
                            && Quantities.isQuantity(value.asText().strip()));
        }
        if (type instanceof Type.NumberOrText) {
            return value.isTextual() || isWhole(value, (WholeNumber) Type.INT32);
        }
        if (type instanceof Type.Text) {
            return value.isTextual();
        }
        return type instanceof ListOf ? value.isArray() : value.isObject();
    }

    private static boolean isWhole(JsonNode value, WholeNumber range) {
        return value.canConvertToExactIntegral()
                && value.canConvertToLong()
                && value.longValue() >= range.least()
                && value.longValue() <= range.most();
    }

    public record TypeProblem(JsonPointer at, String path, JsonNode value, Type expected) {
        /** The problem, without the place and the author's text. */
        public String message() {
            String belongs = " where " + expected.word() + " belongs";
            if (expected instanceof Amount && value.isTextual()) {
                return "text that is not an amount";
            }
            if (expected instanceof WholeNumber range && value.isNumber()) {
                return value.decimalValue().stripTrailingZeros().scale() > 0
                        ? "a fraction" + belongs
                        : "a number outside of " + range.least() + " to " + range.most();
            }
            return (expected instanceof NumberOrText && value.isNumber() ? "not a whole number of 32 bits" : found())
                    + belongs;
        }

        /**
         * The problem, and what to write instead if that is known.
         *
         * @param source the value as its author wrote it: in YAML {@code 1.0} is a number and {@code N} is a boolean
         */
        public String message(String source) {
            return message()
                    + TypeAdvice.of(this, source).map(it -> ": write " + it).orElse("");
        }

        private String found() {
            return switch (value.getNodeType()) {
                case NUMBER -> "a number";
                case BOOLEAN -> "a boolean";
                case ARRAY -> "a list";
                case OBJECT -> "a map";
                default -> "text";
            };
        }

        static final class TypeAdvice {
            private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}(?:\\.0*)?");
            /** YAML 1.1 reads these words as booleans too. */
            private static final Set<String> TRUE = Set.of("true", "yes", "y", "on");

            private static final Set<String> FALSE = Set.of("false", "no", "n", "off");
            /** Units that people write after an amount and Kubernetes does not know. */
            private static final Pattern UNIT = Pattern.compile("(?i)\\s*(?:cores?|v?cpus?|bytes?|b)$");

            private TypeAdvice() {}

            static Optional<String> of(TypeProblem problem, String source) {
                JsonNode value = problem.value();
                Type expected = problem.expected();
                if (expected instanceof Text) {
                    return value.isValueNode() ? Optional.of("\"" + source + "\" in quotes") : Optional.empty();
                }
                if (expected instanceof Amount) {
                    return value.isTextual() ? amount(value.asText()) : Optional.empty();
                }
                if (!value.isTextual()) {
                    return expected instanceof ListOf list && value.isObject() && !(list.element() instanceof Text)
                            ? Optional.of("- before its first key")
                            : Optional.empty();
                }
                String text = value.asText().strip();
                if (expected instanceof WholeNumber) {
                    boolean whole = WHOLE.matcher(text).matches();
                    return whole ? Optional.of(text.replaceFirst("\\..*", "") + " without quotes") : Optional.empty();
                }
                if (expected instanceof Bool) {
                    return bool(text.toLowerCase(Locale.ROOT));
                }
                if (expected instanceof ListOf list) {
                    return list.element() instanceof Text ? Optional.of("[\"" + text + "\"]") : Optional.empty();
                }
                return isNamed(expected) ? Optional.of("{name: " + text + "}") : Optional.empty();
            }

            private static Optional<String> bool(String word) {
                if (TRUE.contains(word)) {
                    return Optional.of("true without quotes");
                }
                return FALSE.contains(word) ? Optional.of("false without quotes") : Optional.empty();
            }

            /** {@code 2GB} may mean 2G or 2Gi. */
            private static Optional<String> amount(String written) {
                String bare = UNIT.matcher(written.strip()).replaceAll("").replace(" ", "");
                if (!Quantities.isQuantity(bare)) {
                    return Optional.of("an amount such as 500m or 2Gi");
                }
                boolean bytes = bare.matches(".*[KMGTPE]");
                return Optional.of(bytes ? bare + " or " + bare + "i" : bare);
            }

            private static boolean isNamed(Type type) {
                if (type instanceof Kubernetes kubernetes) {
                    return isNamed(kubernetes.struct());
                }
                return type instanceof Struct struct && struct.fields().get("name") instanceof Text;
            }
        }
    }
}
