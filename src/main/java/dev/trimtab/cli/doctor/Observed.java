package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.cli.doctor.Fact.Known;
import dev.trimtab.cli.doctor.Fact.Unknown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The cluster at one moment, as far as it could be read.
 *
 * @param at when it was read
 */
record Observed(Places places, Shipped shipped, Instant at, Map<Source, Fact> facts) {
    static final String CONFIGURATION = "trimtab.dev";

    Observed {
        facts = Map.copyOf(facts);
    }

    /** Missing if it does not exist or could not be read. */
    JsonNode value(Source source) {
        return facts.get(source) instanceof Known known ? known.value() : MissingNode.getInstance();
    }

    /** Whether nothing could be read but the version, which everybody may read. */
    boolean isDark() {
        return !exists(Source.WRITE)
                && Stream.of(Source.values())
                        .filter(it -> it != Source.VERSION && it != Source.WRITE)
                        .noneMatch(this::isKnown);
    }

    boolean isKnown(Source source) {
        return facts.get(source) instanceof Known;
    }

    boolean exists(Source source) {
        return !value(source).isMissingNode();
    }

    List<JsonNode> items(Source source) {
        List<JsonNode> items = new ArrayList<>();
        value(source).path("items").forEach(items::add);
        return items;
    }

    /** Why the first of these could not be read; empty if all were. */
    Optional<String> unread(Source... sources) {
        return Stream.of(sources)
                .map(facts::get)
                .filter(Unknown.class::isInstance)
                .map(it -> ((Unknown) it).because())
                .findFirst();
    }

    /** Trimtab's own configuration of this kind. Missing if there is none. */
    JsonNode configuration(Source kind) {
        return items(kind).stream()
                .filter(it -> name(it).equals(CONFIGURATION))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText("");
    }

    static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asText("");
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
