package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.PolicyState.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which policy a ConfigMap puts in force. */
class PolicyStateTest {
    private static final String VALID = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nconflicts: Deny\n";

    @Test
    @DisplayName("none: the built-in defaults, which enforce")
    void absent() {
        assertThat(PolicyState.of(Optional.empty())).isEqualTo(PolicyState.BUILT_IN);
        assertThat(PolicyState.BUILT_IN.policy()).isEqualTo(Policy.BUILT_IN);
        assertThat(PolicyState.BUILT_IN.isValid()).isTrue();
    }

    @Test
    @DisplayName("valid: what it says")
    void valid() {
        PolicyState state = PolicyState.of(Optional.of(Map.of("policy.yaml", VALID)));

        assertThat(state.origin()).isEqualTo(Origin.LOADED);
        assertThat(state.policy().conflicts()).isEqualTo(Conflicts.DENY);
        assertThat(state.problems()).isEmpty();
    }

    @Test
    @DisplayName("invalid: the built-in defaults in Audit, with all that is wrong; nothing of what it says counts")
    void invalid() {
        PolicyState state = PolicyState.of(Optional.of(Map.of("policy.yaml", VALID + "mode: audit\nnosuch: 1\n")));

        assertThat(state.origin()).isEqualTo(Origin.INVALID);
        assertThat(state.policy()).isEqualTo(Policy.BUILT_IN.withMode(Mode.AUDIT));
        assertThat(state.policy().mode()).isEqualTo(Mode.AUDIT);
        assertThat(state.policy().enforced()).isEqualTo(Policy.BUILT_IN);
        assertThat(state.problems()).hasSize(2).first().asString().startsWith("policy.yaml:4:7: mode: ");
    }

    @Test
    @DisplayName("without the key: invalid, not absent")
    void noKey() {
        assertThat(PolicyState.of(Optional.of(Map.of("policy.yml", VALID))))
                .isEqualTo(PolicyState.invalid(List.of("data has no key \"policy.yaml\"")));
        assertThat(LoadedProfiles.of(Map.of()).problems())
                .singleElement()
                .extracting(PolicyProblem::message)
                .isEqualTo("data has no key \"policy.yaml\"");
    }

    @Test
    @DisplayName("invalid without a problem cannot be")
    void contract() {
        assertThatThrownBy(() -> PolicyState.invalid(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
