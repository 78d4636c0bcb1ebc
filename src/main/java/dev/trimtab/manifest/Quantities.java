package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/** Kubernetes quantities: {@code "1"}, {@code 1}, {@code "1000m"} and {@code "1e0"} are one and the same. */
public final class Quantities {
    private Quantities() {}

    /** Whether Kubernetes reads a text in this place as a quantity. Elsewhere "1" and "1.0" are two values. */
    public static boolean standAt(JsonPointer at) {
        if (at.matches()) {
            return false;
        }
        String field = at.last().getMatchingProperty();
        JsonPointer parent = at.head();
        String parentField = parent.last() == null ? "" : parent.last().getMatchingProperty();
        return "limits".equals(parentField)
                || "requests".equals(parentField)
                || "sizeLimit".equals(field)
                || "divisor".equals(field);
    }

    /** Whether both are quantities of the same amount, however each is written. */
    public static boolean same(JsonNode one, JsonNode other) {
        Optional<BigDecimal> amount = amount(one);
        return amount.isPresent()
                && amount(other).filter(it -> it.compareTo(amount.get()) == 0).isPresent();
    }

    /** The amount in base units (cores, bytes, pieces); empty for what is no quantity. */
    public static Optional<BigDecimal> amount(JsonNode quantity) {
        if (!quantity.isTextual() && !quantity.isNumber()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Quantity(quantity.asText()).getNumericalAmount());
        } catch (IllegalArgumentException | ArithmeticException noQuantity) {
            return Optional.empty();
        }
    }
}
