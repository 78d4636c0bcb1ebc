package dev.trimtab.types;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.types.Type.Amount;
import dev.trimtab.types.Type.Anything;
import dev.trimtab.types.Type.Bool;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.MapOf;
import dev.trimtab.types.Type.Struct;
import dev.trimtab.types.Type.WholeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds all values of the wrong type in a document. Go's decoder would report only the first one. */
public final class TypeCheck {
    private final List<TypeProblem> problems = new ArrayList<>();

    private TypeCheck() {}

    public static List<TypeProblem> of(JsonNode document, Type type) {
        TypeCheck check = new TypeCheck();
        check.walk(document, type, JsonPointer.empty(), "");
        return List.copyOf(check.problems);
    }

    private void walk(JsonNode value, Type type, JsonPointer at, String path) {
        if (value.isNull() || value.isMissingNode()) {
            return;
        }
        if (!fits(value, type)) {
            problems.add(new TypeProblem(at, path, value, type));
        } else if (type instanceof ListOf list) {
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), list.element(), at.appendIndex(i), path + "[" + i + "]");
            }
        } else if (type instanceof MapOf map) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                walk(entry.getValue(), map.value(), at.appendProperty(entry.getKey()), under(path, entry.getKey()));
            }
        } else if (type instanceof Kubernetes kubernetes) {
            fields(value, kubernetes.struct(), at, path);
        } else if (type instanceof Struct struct) {
            fields(value, struct, at, path);
        }
    }

    private void fields(JsonNode map, Struct struct, JsonPointer at, String path) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            Type type = struct.fields().getOrDefault(entry.getKey(), Type.ANYTHING);
            walk(entry.getValue(), type, at.appendProperty(entry.getKey()), under(path, entry.getKey()));
        }
    }

    private static String under(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
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
}
