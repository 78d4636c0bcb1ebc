package dev.trimtab.certificates;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The promise of {@link Plan}, whoever comes first. */
class PlanPropertyTest {
    private enum Happening {
        FIRST_CONTROLLER,
        SECOND_CONTROLLER,
        API_SERVER,
        POD,
        MOMENT,
        HALF_A_MINUTE,
        MINUTES,
        A_QUARTER_OF_AN_HOUR,
        WEEKS,
        DELETED_AUTHORITY,
        BROKEN_AUTHORITY,
        DELETED_SERVING,
        BROKEN_SERVING
    }

    @Property(tries = 400 / SHARE, seed = SEED)
    void eachApiServerTrustsWhatEachPodServes(
            @ForAll("happenings") List<Happening> happenings, @ForAll long seed, @ForAll("ages") Duration age) {
        Random chance = new Random(seed);
        CertificateWorld world = new CertificateWorld();
        world.install(age);
        for (Happening happening : happenings) {
            world.history.add(happening.name());
            happen(world, happening, chance);
            world.check();
        }
        world.settle();
        world.checkSettled();
    }

    private static void happen(CertificateWorld world, Happening happening, Random chance) {
        switch (happening) {
            case FIRST_CONTROLLER, SECOND_CONTROLLER -> {
                // A part of a reconcile: the other controller may come before the rest.
                for (int act = 0; act <= chance.nextInt(8); act++) {
                    world.controllers
                            .get(happening == Happening.FIRST_CONTROLLER ? 0 : 1)
                            .act();
                    world.check();
                }
            }
            case API_SERVER -> world.followApiServer(chance.nextInt(4));
            case POD -> world.followPod(chance.nextInt(2));
            case MOMENT -> world.pass(Duration.ofSeconds(1), chance);
            case HALF_A_MINUTE -> world.pass(Plan.PROPAGATION, chance);
            case MINUTES -> world.pass(Duration.ofMinutes(3), chance);
            case A_QUARTER_OF_AN_HOUR -> world.pass(Duration.ofMinutes(15), chance);
            case WEEKS -> {
                world.pass(Duration.ofDays(25), chance);
                world.settle();
            }
            case DELETED_AUTHORITY -> world.deleteAuthority();
            case BROKEN_AUTHORITY -> world.breakAuthority();
            case DELETED_SERVING -> world.deleteServing();
            case BROKEN_SERVING -> world.breakServing();
        }
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        return Arbitraries.frequency(
                        Tuple.of(8, Happening.FIRST_CONTROLLER),
                        Tuple.of(4, Happening.SECOND_CONTROLLER),
                        Tuple.of(3, Happening.API_SERVER),
                        Tuple.of(3, Happening.POD),
                        Tuple.of(2, Happening.MOMENT),
                        Tuple.of(3, Happening.HALF_A_MINUTE),
                        Tuple.of(3, Happening.MINUTES),
                        Tuple.of(3, Happening.A_QUARTER_OF_AN_HOUR),
                        Tuple.of(1, Happening.WEEKS),
                        Tuple.of(1, Happening.DELETED_AUTHORITY),
                        Tuple.of(1, Happening.BROKEN_AUTHORITY),
                        Tuple.of(1, Happening.DELETED_SERVING),
                        Tuple.of(1, Happening.BROKEN_SERVING))
                .list()
                .ofMinSize(5)
                .ofMaxSize(40);
    }

    /** Of the CA at the start: new, or shortly before its renewal. */
    @Provide
    Arbitrary<Duration> ages() {
        return Arbitraries.of(
                Duration.ZERO, Issuer.AUTHORITY_LIFE.minus(Plan.RENEW_AUTHORITY).minusDays(40));
    }
}
