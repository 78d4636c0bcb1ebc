package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The rules and matchConditions of a webhook configuration in {@code deploy/webhook}, evaluated as the API server does. */
public final class MatchConditions {
    private static final Cel CEL = CelFactory.standardCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.optional())
            .addRuntimeLibraries(CelExtensions.optional())
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .build();

    private final List<Entry> entries;

    private record Entry(String name, JsonNode rules, List<CelRuntime.Program> conditions) {}

    private MatchConditions(List<Entry> entries) {
        this.entries = entries;
    }

    public static MatchConditions mutating() {
        return read("60-mutatingwebhookconfiguration.yaml");
    }

    public static MatchConditions validating() {
        return read("70-validatingwebhookconfiguration.yaml");
    }

    private static MatchConditions read(String file) {
        try {
            String text = Files.readString(Path.of("deploy", "webhook", file));
            JsonNode webhooks = YamlStream.read(text).get(0).content().path("webhooks");
            return new MatchConditions(StreamSupport.stream(webhooks.spliterator(), false)
                    .map(it -> new Entry(it.path("name").asText(), it.path("rules"), programs(it)))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CelRuntime.Program> programs(JsonNode webhook) {
        List<CelRuntime.Program> programs = new ArrayList<>();
        for (JsonNode condition : webhook.path("matchConditions")) {
            try {
                programs.add(CEL.createProgram(
                        CEL.compile(condition.path("expression").asText()).getAst()));
            } catch (CelValidationException | CelEvaluationException e) {
                throw new AssertionError(condition.path("expression").asText(), e);
            }
        }
        return programs;
    }

    /**
     * The names of the entries that the API server calls, apart from what their selectors leave out. A condition that
     * fails is an error of the test: with failurePolicy Ignore it would skip the review, with Fail refuse the write.
     */
    public List<String> asked(ObjectNode review) {
        JsonNode request = review.path("request");
        Map<String, Object> variables = new HashMap<>();
        variables.put("object", plain(request.path("object")));
        variables.put("oldObject", plain(request.path("oldObject")));
        variables.put("request", Map.of("operation", request.path("operation").asText()));
        return entries.stream()
                .filter(entry -> hasRule(entry, request))
                .filter(entry -> entry.conditions().stream().allMatch(it -> holds(it, variables)))
                .map(Entry::name)
                .toList();
    }

    private static boolean holds(CelRuntime.Program condition, Map<String, Object> variables) {
        try {
            return (Boolean) condition.eval(variables);
        } catch (CelEvaluationException e) {
            throw new AssertionError("a matchCondition fails for " + variables, e);
        }
    }

    private static boolean hasRule(Entry entry, JsonNode request) {
        String group = request.at("/object/apiVersion").asText().replaceFirst("/?[^/]*$", "");
        String resource = request.at("/object/kind").asText().toLowerCase(Locale.ROOT) + "s";
        return StreamSupport.stream(entry.rules().spliterator(), false)
                .anyMatch(rule -> texts(rule.path("apiGroups")).contains(group)
                        && texts(rule.path("resources")).contains(resource)
                        && texts(rule.path("operations"))
                                .contains(request.path("operation").asText()));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** As CEL reads JSON. */
    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new HashMap<>();
            node.properties().forEach(it -> map.put(it.getKey(), plain(it.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(it -> list.add(plain(it)));
            return list;
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isTextual()
                ? node.textValue()
                : node.isBoolean() ? (Object) node.booleanValue() : dev.cel.common.values.NullValue.NULL_VALUE;
    }
}
