package dev.trimtab.drift;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.drift.Difference.Change;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.ScaleAnnotation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WavesTest {
    @Property(tries = 500 / SHARE, seed = SEED)
    @Label("never above the limit, everything that fits once, what does not fit named")
    void plan(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 20) Integer> gpus,
            @ForAll @IntRange(min = 0, max = 24) int most) {
        List<RefreshGroup> rolls = new ArrayList<>();
        for (int i = 0; i < gpus.size(); i++) {
            rolls.add(roll("s%03d".formatted(i), gpus.get(i)));
        }
        Waves waves = Waves.plan(rolls, most);

        List<RefreshGroup> planned =
                waves.waves().stream().flatMap(List::stream).toList();
        assertThat(planned).doesNotHaveDuplicates();
        assertThat(waves.tooLarge()).allMatch(it -> it.gpuCount() > most);
        List<RefreshGroup> all = new ArrayList<>(planned);
        all.addAll(waves.tooLarge());
        assertThat(all).containsExactlyInAnyOrderElementsOf(rolls);
        for (List<RefreshGroup> wave : waves.waves()) {
            assertThat(wave).isNotEmpty().hasSizeLessThanOrEqualTo(Waves.AT_ONCE);
            assertThat(wave.stream().mapToLong(RefreshGroup::gpuCount).sum()).isLessThanOrEqualTo(most);
        }
        List<RefreshGroup> shuffled = new ArrayList<>(rolls);
        Collections.reverse(shuffled);
        assertThat(Waves.plan(shuffled, most))
                .as("whatever the order they came in")
                .isEqualTo(waves);
    }

    @Example
    @Label("in the order of their names, with a smaller one where a larger one has no room")
    void order() {
        Waves waves = Waves.plan(List.of(roll("c", 2), roll("a", 3), roll("b", 4), roll("d", 9)), 5);
        assertThat(waves.waves().stream()
                        .map(wave -> wave.stream().map(it -> it.key().name()).toList()))
                .containsExactly(List.of("a", "c"), List.of("b"));
        assertThat(waves.tooLarge()).extracting(it -> it.key().name()).containsExactly("d");
    }

    private static RefreshGroup roll(String name, int gpus) {
        Difference difference = new Difference(
                "max-scale",
                KnativeService.annotation(ScaleAnnotation.MAX_SCALE.key()),
                MissingNode.getInstance(),
                TextNode.valueOf("0"),
                Change.FILLED,
                "",
                true);
        Finding finding = new Finding(
                new ObjectKey(Kind.KNATIVE_SERVICE, "ml", name),
                Optional.empty(),
                List.of(difference),
                List.of(),
                "",
                true,
                1,
                new GpuCount(Map.of("nvidia.com/gpu", BigDecimal.valueOf(gpus))));
        return new RefreshGroup(finding, List.of());
    }
}
