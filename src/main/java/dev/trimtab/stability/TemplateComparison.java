package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Place;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import java.util.Map;
import java.util.Set;

/**
 * Whether an incoming template has anything that the stored one lacks. Fields that only the stored one has do not
 * count: they are ours, Knative's or the API server's.
 *
 * <p>Zero, {@code false} and {@code ""} count as not written: Knative's typed round trip drops them, or reads them as
 * "default". This is safe, since a replay keeps what the author wrote.
 *
 * @param alsoUnchanged other values that mean "unchanged": the author's value before a clamp, the legal value for an
 *     illegal one, a default in the place of a fill
 */
public record TemplateComparison(JsonNode stored, Map<JsonPointer, Set<JsonNode>> alsoUnchanged) {
    public static boolean same(JsonNode one, JsonNode other, JsonPointer at) {
        return new TemplateComparison(other, Map.of()).covers(one, at)
                && new TemplateComparison(one, Map.of()).covers(other, at);
    }

    /** Whether the stored document has all values that the incoming one has at a place. */
    boolean covers(JsonNode incoming, JsonPointer at) {
        return covers(incoming.at(at), stored.at(at), Place.of(at));
    }

    private boolean covers(JsonNode incoming, JsonNode here, Place at) {
        return Pointers.isAbsent(incoming) || coversValue(incoming, here, at) || isAlsoUnchanged(incoming, at);
    }

    private boolean coversValue(JsonNode incoming, JsonNode here, Place at) {
        if (incoming.isObject() && here.isObject()) {
            return coversMap(incoming, here, at);
        }
        if (incoming.isArray() && here.isArray()) {
            return coversList(incoming, here, at);
        }
        return incoming.equals(here) || sameValue(incoming, here, at.pointer());
    }

    private boolean coversMap(JsonNode incoming, JsonNode here, Place at) {
        for (Map.Entry<String, JsonNode> field : incoming.properties()) {
            String name = field.getKey();
            if (!covers(field.getValue(), here.path(name), at.field(name))) {
                return false;
            }
        }
        return true;
    }

    private boolean coversList(JsonNode incoming, JsonNode here, Place at) {
        if (incoming.size() > here.size()) {
            return false;
        }
        for (int i = 0; i < incoming.size(); i++) {
            if (!covers(incoming.get(i), here.get(i), at.item(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isAlsoUnchanged(JsonNode incoming, Place at) {
        return !alsoUnchanged.isEmpty()
                && alsoUnchanged.getOrDefault(at.pointer(), Set.of()).contains(incoming);
    }

    private static boolean sameValue(JsonNode incoming, JsonNode here, JsonPointer at) {
        String field = at.last().getMatchingProperty();
        if (isZero(incoming)) {
            // Knative makes every mount of a read-only volume read-only (revision_defaults.go 146-157).
            boolean forced = here.isBoolean() && "readOnly".equals(field);
            if (here.isMissingNode() || here.isNull() || forced || Unset.isZero(at, incoming)) {
                return true;
            }
        }
        if (incoming.isNumber() && here.isNumber()) {
            return incoming.decimalValue().compareTo(here.decimalValue()) == 0;
        }
        return Quantities.standAt(at) && Quantities.same(incoming, here);
    }

    private static boolean isZero(JsonNode value) {
        return (value.isNumber() && value.decimalValue().signum() == 0)
                || (value.isBoolean() && !value.booleanValue())
                || (value.isTextual() && value.textValue().isEmpty());
    }
}
