package dev.trimtab.knative;

import dev.trimtab.manifest.Quantities;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the keys of a Knative ConfigMap as knative.dev/pkg/configmap/parser does: an absent key gives the default, a
 * present one must parse, and only strings are trimmed. Whatever the reader is not asked for ({@code _example}, obsolete
 * keys) is ignored.
 */
final class ConfigMapReader {
    private final Map<String, String> data;
    private final String prefix;

    /** {@code prefix} comes before every message, as each of Knative's constructors wraps the parser's errors. */
    ConfigMapReader(Map<String, String> data, String prefix) {
        this.data = data;
        this.prefix = prefix;
    }

    Optional<String> raw(String key) {
        return Optional.ofNullable(data.get(key));
    }

    String trimmed(String key, String otherwise) {
        return raw(key).map(String::trim).orElse(otherwise);
    }

    boolean bool(String key, boolean otherwise) throws ConfigMapProblem {
        return parse(key, GoNumbers::parseBool, otherwise);
    }

    double float64(String key, double otherwise) throws ConfigMapProblem {
        return parse(key, GoNumbers::parseFloat, otherwise);
    }

    int int32(String key, int otherwise) throws ConfigMapProblem {
        return parse(key, text -> (int) GoNumbers.parseInt(text, 32, "ParseInt"), otherwise);
    }

    long int64(String key, long otherwise) throws ConfigMapProblem {
        return parse(key, text -> GoNumbers.parseInt(text, 64, "ParseInt"), otherwise);
    }

    Duration duration(String key, Duration otherwise) throws ConfigMapProblem {
        return parse(key, GoDurations::parse, otherwise);
    }

    Optional<String> quantity(String key) throws ConfigMapProblem {
        Optional<String> quantity = raw(key);
        if (quantity.isPresent() && !Quantities.isQuantity(quantity.get())) {
            throw new ConfigMapProblem(
                    failure(key)
                            + "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                    key);
        }
        return quantity;
    }

    private <T> T parse(String key, Parser<T> parser, T otherwise) throws ConfigMapProblem {
        String text = data.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return parser.parse(text);
        } catch (GoParseException e) {
            throw new ConfigMapProblem(failure(key) + e.getMessage(), e, key);
        }
    }

    private String failure(String key) {
        return prefix + "failed to parse \"" + key + "\": ";
    }

    private interface Parser<T> {
        T parse(String text) throws GoParseException;
    }
}
