package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.YamlStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private static final List<String> KEYS = List.of("tier", "team");

    /** "other" is in no selector: it stands for all values that a selector does not name. */
    private static final List<String> VALUES = List.of("dev", "prod", "test", "other");

    @Test
    void saysWhatItSelects() {
        assertThat(selector("""
                        matchLabels: {tier: dev}
                        matchExpressions:
                          - {key: team, operator: In, values: [b, a]}
                          - {key: demo, operator: DoesNotExist}
                          - {key: size, operator: NotIn, values: [xl]}
                          - {key: owner, operator: Exists}
                        """)).hasToString("!demo,owner,size!=xl,team in (a,b),tier=dev");
    }

    @Test
    void theQueryHasWhatEveryServerUnderstands() {
        assertThat(selector("""
                        matchLabels: {tier: dev, app: chat}
                        matchExpressions: [{key: team, operator: In, values: [b, a]}]
                        """).query()).isEqualTo("app=chat,tier=dev");
    }

    /** Whether two selectors may meet is the same as whether any labels at all match both. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void theyMeetIfAndOnlyIfSomeLabelsMatchBoth(@ForAll("selectors") String one, @ForAll("selectors") String other) {
        boolean meet = labels().stream().anyMatch(it -> matches(yaml(one), it) && matches(yaml(other), it));

        assertThat(selector(one).mayMeet(selector(other)))
                .as("%s and %s", selector(one), selector(other))
                .isEqualTo(meet);
    }

    @Property(tries = 500 / SHARE, seed = SEED)
    void itMatchesAsKubernetesSays(@ForAll("selectors") String selector) {
        labels().forEach(it -> assertThat(selector(selector).matches(it))
                .as("%s on %s", selector, it)
                .isEqualTo(matches(yaml(selector), it)));
    }

    @Provide
    Arbitrary<String> selectors() {
        Arbitrary<String> key = Arbitraries.of(KEYS);
        Arbitrary<List<String>> values =
                Arbitraries.of(VALUES.subList(0, 3)).list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<String> compares = Combinators.combine(key, Arbitraries.of("In", "NotIn"), values)
                .as((k, operator, v) -> "{key: %s, operator: %s, values: %s}".formatted(k, operator, v));
        Arbitrary<String> exists = Combinators.combine(key, Arbitraries.of("Exists", "DoesNotExist"))
                .as((k, operator) -> "{key: %s, operator: %s}".formatted(k, operator));
        return Arbitraries.oneOf(compares, exists)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(it -> "matchExpressions: " + it);
    }

    /** Kubernetes' words on each operator (Labels and Selectors), without the code under test. */
    private static boolean matches(JsonNode selector, Map<String, String> labels) {
        for (JsonNode it : selector.path("matchExpressions")) {
            String value = labels.get(it.path("key").asText());
            List<String> values = new ArrayList<>();
            it.path("values").forEach(one -> values.add(one.asText()));
            boolean holds =
                    switch (it.path("operator").asText()) {
                        case "In" -> value != null && values.contains(value);
                        case "NotIn" -> value == null || !values.contains(value);
                        case "Exists" -> value != null;
                        default -> value == null;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static List<Map<String, String>> labels() {
        List<Map<String, String>> all = new ArrayList<>();
        all.add(Map.of());
        for (String key : KEYS) {
            for (Map<String, String> before : List.copyOf(all)) {
                for (String value : VALUES) {
                    Map<String, String> more = new HashMap<>(before);
                    more.put(key, value);
                    all.add(more);
                }
            }
        }
        return all;
    }

    private static Selector selector(String text) {
        return Selector.of(yaml(text));
    }

    private static JsonNode yaml(String text) {
        return YamlStream.read(text).get(0).content();
    }
}
