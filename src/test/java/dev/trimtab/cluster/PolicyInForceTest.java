package dev.trimtab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.policy.PolicyState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The metric trimtab_policy_info, by which the alert and the doctor compare replicas. */
class PolicyInForceTest {
    private static final String POLICY = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TrimtabConfig config =
            new SmallRyeConfigBuilder().withMapping(TrimtabConfig.class).build().getConfigMapping(TrimtabConfig.class);
    private final PolicyInForce policy =
            new PolicyInForce(config, new CurrentSettings(), new InvalidConfigMaps(config), registry);

    @Test
    @DisplayName("one series: the first 12 digits of the text's SHA-256, origin and mode of the policy in force")
    void info() {
        assertThat(series()).containsExactly("hash=none mode=Enforce origin=built-in 1.0");

        policy.take(PolicyState.of(POLICY), "a test");
        // printf 'apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n' | sha256sum
        assertThat(series()).containsExactly("hash=2130a268cae1 mode=Enforce origin=loaded 1.0");

        policy.take(PolicyState.of(POLICY + "mode: Audit\n"), "a test");
        assertThat(series()).containsExactly("hash=2a6ec8d969e6 mode=Audit origin=loaded 1.0");

        policy.take(PolicyState.of(POLICY + "mode: audit\n"), "a test");
        assertThat(series()).containsExactly("hash=9cb95940fef0 mode=Audit origin=invalid 1.0");

        policy.take(PolicyState.BUILT_IN, "a test");
        assertThat(series()).containsExactly("hash=none mode=Enforce origin=built-in 1.0");

        policy.stop();
        assertThat(series()).isEmpty();
    }

    private List<String> series() {
        return registry.find("trimtab.policy.info").gauges().stream()
                .map(gauge -> gauge.getId().getTags().stream()
                                .map(tag -> tag.getKey() + "=" + tag.getValue())
                                .sorted()
                                .collect(Collectors.joining(" "))
                        + " " + gauge.value())
                .toList();
    }
}
