package dev.trimtab.lifecycle;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.validation.AnnotationRules;
import dev.trimtab.manifest.Manifest;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "A/" stands for "autoscaling.knative.dev/". */
class RevisionRepairTest {
    private static final String GROUP = "autoscaling.knative.dev/";
    private static final JsonMapper JSON = new JsonMapper();

    /** What took the Revisions when they were made. */
    private static final AutoscalerConfig BEFORE = config(0, true);

    /** The limit of the recorded answer of Knative's own webhook. */
    private static final AutoscalerConfig NOW = config(10, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            max-scale=0                               | max-scale=10
            max-scale=11                              | max-scale=10
            maxScale=0                                | maxScale=10
            max-scale=0;maxScale=0                    | max-scale=10;maxScale=0
            max-scale=9;maxScale=0                    | -
            max-scale=10                              | -
            max-scale=1                               | -
            min-scale=3                               | -
            initial-scale=0                           | initial-scale=1
            initialScale=0                            | initialScale=1
            initial-scale=2;initialScale=0            | -
            initial-scale=0;max-scale=0               | initial-scale=1;max-scale=10
            initial-scale=20;max-scale=0              | initial-scale=20;max-scale=10
            min-scale=10;max-scale=0                  | min-scale=10;max-scale=10
            min-scale=12;max-scale=0                  | min-scale=12
            min-scale=12;max-scale=0;maxScale=5       | min-scale=12
            min-scale=12;max-scale=0;maxScale=x       | min-scale=12
            activation-scale=12;max-scale=40          | activation-scale=12
            max-scale=0;owner=search                  | max-scale=10;owner=search
            """)
    void nearest(String before, String after) throws JsonProcessingException {
        Manifest revision = revision(annotations(before));
        Optional<RevisionRepair> repair = RevisionRepair.of(revision, NOW);

        assertThat(AnnotationRules.check(revision.annotations().map(), BEFORE)).isEmpty();
        assertThat(repair.isPresent()).isEqualTo(after != null);
        if (repair.isPresent()) {
            assertThat((Object) apply(repair.get(), revision).annotations().map())
                    .isEqualTo(annotations(after));
        }
    }

    @Test
    @DisplayName("the patch holds for the version that was read, and the reason names each value")
    void patch() {
        RevisionRepair repair = RevisionRepair.of(revision(annotations("max-scale=0;initialScale=0")), NOW)
                .orElseThrow();

        assertThat(repair.patch())
                .hasToString("[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                        + "{\"op\":\"replace\",\"path\":\"/metadata/annotations/autoscaling.knative.dev~1max-scale\","
                        + "\"value\":\"10\"},"
                        + "{\"op\":\"replace\",\"path\":\"/metadata/annotations/autoscaling.knative.dev~1initialScale\","
                        + "\"value\":\"1\"}]");
        assertThat(repair.reason())
                .isEqualTo("stored max-scale 0 changed to 10: the cluster has a max-scale-limit now;"
                        + " stored initial-scale 0 changed to 1: the cluster no longer allows zero");
    }

    @Test
    @DisplayName("where no max-scale would do it is taken out: Knative then looks at min-scale alone")
    void takenOut() {
        RevisionRepair repair = RevisionRepair.of(revision(annotations("min-scale=12;max-scale=0;maxScale=5")), NOW)
                .orElseThrow();

        assertThat(repair.patch().findValuesAsText("op")).containsExactly("test", "remove", "remove");
        assertThat(repair.reason())
                .isEqualTo("stored max-scale 0 left out: the cluster's limit 10 is below the 12 pods asked for");
    }

    @Test
    @DisplayName("a Revision without annotations, or with what never was legal, is left alone")
    void nothing() {
        assertThat(RevisionRepair.of(new Manifest(JsonNodeFactory.instance.objectNode()), NOW))
                .isEmpty();
        assertThat(RevisionRepair.of(revision(annotations("max-scale=many;initial-scale=-1")), NOW))
                .isEmpty();
    }

    /** Whatever the cluster allowed before: afterwards Knative accepts it, and nothing else has changed. */
    @Property(tries = 5000 / SHARE, seed = SEED)
    void accepted(@ForAll("stored") ObjectNode annotations, @ForAll("configs") AutoscalerConfig now)
            throws JsonProcessingException {
        Manifest revision = revision(annotations);
        Optional<RevisionRepair> repair = RevisionRepair.of(revision, now);

        assertThat(repair.isPresent())
                .isEqualTo(!AnnotationRules.check(annotations, now).isEmpty());
        if (repair.isPresent()) {
            Manifest repaired = apply(repair.get(), revision);
            assertThat(AnnotationRules.check(repaired.annotations().map(), now)).isEmpty();
            assertThat(RevisionRepair.of(repaired, now)).isEmpty();
            assertThat(changed(annotations, repaired))
                    .isSubsetOf(
                            GROUP + "max-scale", GROUP + "maxScale", GROUP + "initial-scale", GROUP + "initialScale");
        }
    }

    /** All that Knative accepted before. */
    @Provide
    Arbitrary<ObjectNode> stored() {
        Arbitrary<String> keys = Arbitraries.of(
                "initial-scale",
                "initialScale",
                "min-scale",
                "minScale",
                "max-scale",
                "max-scale",
                "maxScale",
                "activation-scale",
                "target",
                "owner");
        Arbitrary<String> values = Arbitraries.of("0", "0", "1", "2", "5", "9", "10", "11", "+12", "3000000000", "x");
        return Arbitraries.maps(keys, values)
                .ofMaxSize(5)
                .map(map -> {
                    ObjectNode annotations = JsonNodeFactory.instance.objectNode();
                    new TreeMap<>(map).forEach((key, value) -> put(annotations, key, value));
                    return annotations;
                })
                .filter(it -> AnnotationRules.check(it, BEFORE).isEmpty());
    }

    @Provide
    Arbitrary<AutoscalerConfig> configs() {
        return Combinators.combine(Arbitraries.of(0, 1, 2, 5, 10), Arbitraries.of(true, false))
                .as(RevisionRepairTest::config);
    }

    private static Set<String> changed(ObjectNode before, Manifest after) {
        Set<String> keys = new HashSet<>();
        before.fieldNames().forEachRemaining(keys::add);
        after.annotations().map().fieldNames().forEachRemaining(keys::add);
        keys.removeIf(key -> before.path(key).equals(after.annotations().map().path(key)));
        return keys;
    }

    private static AutoscalerConfig config(int limit, boolean zero) {
        try {
            return AutoscalerConfig.parse(Map.of(
                    "max-scale", Integer.toString(limit),
                    "max-scale-limit", Integer.toString(limit),
                    "allow-zero-initial-scale", Boolean.toString(zero)));
        } catch (ConfigMapProblem invalid) {
            throw new IllegalArgumentException(invalid);
        }
    }

    private static ObjectNode annotations(String text) {
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        for (String entry : List.of(text.split(";"))) {
            int equals = entry.indexOf('=');
            put(annotations, entry.substring(0, equals), entry.substring(equals + 1));
        }
        return annotations;
    }

    private static void put(ObjectNode annotations, String key, String value) {
        annotations.put((key.equals("owner") ? "example.com/" : GROUP) + key, value);
    }

    private static Manifest revision(ObjectNode annotations) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("metadata").put("resourceVersion", "7").set("annotations", annotations);
        return new Manifest(root);
    }

    private static Manifest apply(RevisionRepair repair, Manifest revision) throws JsonProcessingException {
        return new Manifest((ObjectNode) JsonPatch.apply(
                JSON.readTree(repair.patch().toString()), revision.root().deepCopy()));
    }
}
