package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.SchedulePlan.Rules;
import dev.trimtab.yaml.YamlStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A wake-up, played: writes get lost, are refused and come twice; services get ready in any order, and some never do. */
class SchedulePlanPropertyTest {
    private static final Instant NIGHT = Instant.parse("2026-11-30T19:00:00Z");
    private static final Instant MORNING = Instant.parse("2026-12-01T07:00:00Z");
    private static final Duration READY_WITHIN = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofSeconds(30);

    private static final class Model {
        private final String name;
        private final int gpus;
        private final boolean neverReady;
        private boolean stopped = true;
        private boolean ready;
        private Instant begun = Instant.MAX;

        Model(int number, int gpus, boolean neverReady) {
            this.name = "m" + number;
            this.gpus = gpus;
            this.neverReady = neverReady;
        }

        Candidate candidate() {
            StopMark mark = new StopMark(
                    "office", NIGHT, NIGHT, new GpuCount(Map.of("nvidia.com/gpu", BigDecimal.valueOf(gpus))));
            String annotations = stopped
                    ? "{serving.kserve.io/stop: \"true\", trimtab.dev/stopped-by: '%s'}".formatted(mark.text())
                    : "{}";
            ObjectNode service =
                    (ObjectNode) YamlStream.read("""
                    apiVersion: serving.kserve.io/v1beta1
                    kind: InferenceService
                    metadata: {name: %s, namespace: ml, uid: %s, annotations: %s}
                    status: {conditions: [{type: Ready, status: "%s"}]}
                    """.formatted(name, name, annotations, ready ? "True" : "Unknown"))
                            .get(0)
                            .content();
            return new Candidate(new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", name), new Manifest(service));
        }

        boolean isStarting(Instant now) {
            return !stopped && !ready && now.isBefore(begun.plus(READY_WITHIN));
        }
    }

    @Property(tries = 300 / SHARE, seed = SEED)
    void wakesUp(@ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int most) {
        Random chance = new Random(seed);
        List<Model> models = new ArrayList<>();
        for (int i = 0; i < 1 + chance.nextInt(25); i++) {
            models.add(new Model(i, chance.nextInt(most + 3), chance.nextInt(10) == 0));
        }
        List<Starting> stored = List.of();
        Instant now = MORNING;
        for (int step = 0; step < 2000 && models.stream().anyMatch(it -> it.stopped); step++) {
            now = now.plus(STEP);
            Set<String> refused = chance.nextInt(5) == 0 ? Set.of("m0") : Set.of();
            SchedulePlan plan = plan(models, stored, most, refused, now);
            // The status is written before the services. The controller may end after either.
            boolean lost = chance.nextInt(4) == 0;
            if (!lost) {
                stored = plan.starting();
                write(plan, models, chance, now);
            }
            check(models, most, now);
            models.stream()
                    .filter(it -> !it.stopped && !it.neverReady && chance.nextInt(3) == 0)
                    .forEach(it -> it.ready = true);
        }
        assertThat(models).as("all are started in the end").noneMatch(it -> it.stopped);
    }

    private static SchedulePlan plan(
            List<Model> models, List<Starting> stored, int most, Set<String> refused, Instant now) {
        Rules rules = new Rules("office", Phase.UP, MORNING, most, READY_WITHIN);
        List<Candidate> services = models.stream().map(Model::candidate).toList();
        return SchedulePlan.of(
                rules, services, it -> it.mark().orElseThrow().gpus().whole(), stored, refused, now);
    }

    private static void write(SchedulePlan plan, List<Model> models, Random chance, Instant now) {
        for (Candidate begun : plan.begun()) {
            boolean lost = chance.nextInt(4) == 0;
            if (!lost) {
                Model model = models.stream()
                        .filter(it -> it.name.equals(begun.uid()))
                        .findFirst()
                        .orElseThrow();
                model.stopped = false;
                model.begun = now;
            }
        }
    }

    /** Those that start have room together; one that alone is too large starts alone. */
    private static void check(List<Model> models, int most, Instant now) {
        List<Model> starting = models.stream()
                .filter(it -> it.isStarting(now))
                .filter(it -> it.gpus > 0)
                .toList();
        long gpus = starting.stream().mapToLong(it -> it.gpus).sum();
        if (starting.size() > 1) {
            assertThat(gpus).as("GPUs that start").isLessThanOrEqualTo(most);
        }
    }
}
