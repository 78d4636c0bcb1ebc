package dev.trimtab.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/** Kubernetes quantities: {@code "1"}, {@code 1}, {@code "1000m"} and {@code "1e0"} are one and the same. */
public final class Quantities {
    private Quantities() {}

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
