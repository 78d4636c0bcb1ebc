package dev.trimtab.cluster;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Replicas that saw different edits, deletions and restarts, and see the same ConfigMaps in the end. */
class ReplicasPropertyTest {
    private static final String HEADER = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";
    private static final String POLICY = "trimtab";
    private static final String ML = "ml";

    /** What a ConfigMap may hold; nothing where it is not there. */
    private static final List<Optional<Map<String, String>>> CONTENTS = List.of(
            Optional.empty(),
            Optional.of(Map.of()),
            Optional.of(Map.of("policy.yml", HEADER)),
            text(""),
            text("mode: audit\n"),
            text("mode: Audit\n"),
            text("conflicts: Deny\n"),
            text("namespaces: {allowProfiles: true}\n"),
            text("mode: Audit\nnamespaces: {allowProfiles: true}\n"),
            text("profiles: [{name: llm, containerConcurrency: 7}]\n"),
            text("profiles: [{nmae: llm}]\n"));

    /** One edit, or deletion. */
    record Seen(String namespace, Optional<Map<String, String>> data) {}

    /** What a replica keeps, without the watches that tell it. */
    private static final class Replica {
        private final TrimtabConfig config = new SmallRyeConfigBuilder()
                .withMapping(TrimtabConfig.class)
                .build()
                .getConfigMapping(TrimtabConfig.class);
        private final CurrentSettings settings = new CurrentSettings();
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final InvalidConfigMaps invalid = new InvalidConfigMaps(config);
        private final PolicyInForce policy = new PolicyInForce(config, settings, invalid, metrics);
        private final NamespaceProfilesInForce profiles = new NamespaceProfilesInForce(config, settings, invalid);

        Replica() {
            settings.markLoaded();
        }

        void see(Seen seen) {
            ConfigMap map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("trimtab-policy")
                    .withNamespace(seen.namespace())
                    .endMetadata()
                    .withData(seen.data().orElse(Map.of()))
                    .build();
            boolean there = seen.data().isPresent();
            if (!seen.namespace().equals(POLICY)) {
                // The watch of all namespaces.
                run(there, () -> profiles.take(map), () -> profiles.withdraw(map));
            } else {
                run(there, () -> policy.take(map), () -> policy.withdraw(map));
            }
        }

        private static void run(boolean there, Runnable take, Runnable withdraw) {
            (there ? take : withdraw).run();
        }

        List<Object> state() {
            return List.of(
                    settings.policy(),
                    policy.origin(),
                    metrics.get("trimtab.policy.valid").gauge().value(),
                    settings.get().policyOf(ML),
                    settings.get().profilesOf(ML),
                    invalid.under(settings.policy()));
        }
    }

    @Property(tries = 1_000 / SHARE, seed = SEED)
    @Label("they are in the same state, and so is one that was started just now")
    void sameState(
            @ForAll("histories") List<Seen> one,
            @ForAll("histories") List<Seen> other,
            @ForAll("contents") Optional<Map<String, String>> policy,
            @ForAll("contents") Optional<Map<String, String>> profiles) {
        List<Seen> end = List.of(new Seen(POLICY, policy), new Seen(ML, profiles));
        Replica first = new Replica();
        one.forEach(first::see);
        end.forEach(first::see);
        Replica second = new Replica();
        other.forEach(second::see);
        // The two watches tell of their objects in any order.
        second.see(end.get(1));
        second.see(end.get(0));
        Replica started = new Replica();
        end.stream().filter(it -> it.data().isPresent()).forEach(started::see);

        assertThat(first.state()).isEqualTo(started.state());
        assertThat(second.state()).isEqualTo(started.state());
    }

    @Provide
    Arbitrary<Optional<Map<String, String>>> contents() {
        return Arbitraries.of(CONTENTS);
    }

    @Provide
    Arbitrary<List<Seen>> histories() {
        return Combinators.combine(Arbitraries.of(POLICY, ML), contents())
                .as(Seen::new)
                .list()
                .ofMaxSize(6);
    }

    private static Optional<Map<String, String>> text(String rest) {
        return Optional.of(Map.of("policy.yaml", HEADER + rest));
    }
}
