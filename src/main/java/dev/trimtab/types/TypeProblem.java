package dev.trimtab.types;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.types.Type.Amount;
import dev.trimtab.types.Type.NumberOrText;
import dev.trimtab.types.Type.WholeNumber;

/**
 * A value that the API server does not take at its place.
 *
 * @param at in the document
 * @param path the same as Kubernetes writes it, such as {@code spec.template.spec.containers[0].env[1].value}
 * @param expected what belongs there
 */
public record TypeProblem(JsonPointer at, String path, JsonNode value, Type expected) {
    /** What is wrong, without the place and the author's own text. */
    public String message() {
        String belongs = " where " + expected.word() + " belongs";
        if (expected instanceof Amount && value.isTextual()) {
            return "text that is no amount";
        }
        if (expected instanceof WholeNumber range && value.isNumber()) {
            return value.decimalValue().stripTrailingZeros().scale() > 0
                    ? "a fraction" + belongs
                    : "a number outside of " + range.least() + " to " + range.most();
        }
        return (expected instanceof NumberOrText && value.isNumber() ? "no whole number of 32 bits" : found())
                + belongs;
    }

    /**
     * What is wrong, and what to write instead, where that is known.
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
}
