package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final Subject IN_ML_DEV = subject(ServiceKind.INFERENCE_SERVICE, "ml-dev", Map.of(), Map.of());

    @Test
    void builtIn() {
        assertThat(Policy.BUILT_IN.effectiveFor(IN_ML_DEV))
                .isEqualTo(new Effective(
                        Mode.ENFORCE,
                        Conflicts.CLAMP,
                        new Scaling(
                                MaxScaleWhenUnset.UNBOUNDED,
                                InitialScaleDefault.MIN_REPLICAS,
                                InitialScaleWrite.ALWAYS),
                        List.of()));
    }

    @Test
    @DisplayName("a later profile overrides an earlier one key by key, whatever the order of the keys")
    void precedence() {
        Policy policy = policy("""
                mode: Audit
                conflicts: Deny
                scaling: {initialScale: {write: WhenNeeded}}
                profiles:
                  - name: first
                    conflicts: Warn
                    scaling: {maxScale: {whenUnset: Inherit}, initialScale: {default: Cluster}}
                  - name: elsewhere
                    match: {namespaces: [other]}
                    conflicts: Deny
                    scaling: {maxScale: {whenUnset: Unbounded}, initialScale: {default: MinReplicas, write: Always}}
                  - name: second
                    match: {namespaces: ["ml-*"]}
                    scaling: {initialScale: {default: MinReplicas}}
                """);

        assertThat(policy.effectiveFor(IN_ML_DEV))
                .isEqualTo(new Effective(
                        Mode.AUDIT,
                        Conflicts.WARN,
                        new Scaling(
                                MaxScaleWhenUnset.INHERIT,
                                InitialScaleDefault.MIN_REPLICAS,
                                InitialScaleWrite.WHEN_NEEDED),
                        List.of("first", "second")));
    }

    @Test
    @DisplayName("a profile can put back the built-in value that the top level changed")
    void backToBuiltIn() {
        Policy policy = policy("""
                conflicts: Deny
                scaling: {maxScale: {whenUnset: Inherit}, initialScale: {default: Cluster, write: WhenNeeded}}
                profiles:
                  - name: back
                    conflicts: Clamp
                    scaling: {maxScale: {whenUnset: Unbounded}, initialScale: {default: MinReplicas, write: Always}}
                """);

        assertThat(policy.effectiveFor(IN_ML_DEV))
                .isEqualTo(new Effective(Mode.ENFORCE, Conflicts.CLAMP, Policy.BUILT_IN.scaling(), List.of("back")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // match                                   | kind              | namespace | labels | template | matches
                "{}                                        | INFERENCE_SERVICE | a         |        |          | true",
                "{labels: {}}                              | INFERENCE_SERVICE | a         |        |          | true",
                "{namespaces: [a]}                         | INFERENCE_SERVICE | a         |        |          | true",
                "{namespaces: [a]}                         | INFERENCE_SERVICE | aa        |        |          | false",
                "{namespaces: [b, 'a*']}                   | INFERENCE_SERVICE | aa        |        |          | true",
                "{kinds: [InferenceService]}               | INFERENCE_SERVICE | a         |        |          | true",
                "{kinds: [InferenceService]}               | INFERENCE_GRAPH   | a         |        |          | false",
                "{kinds: [KnativeService, InferenceGraph]} | INFERENCE_GRAPH   | a         |        |          | true",
                "{kinds: [KnativeService, InferenceGraph]} | KNATIVE_SERVICE   | a         |        |          | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=y    |          | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         |        | x=y      | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=z    | x=y      | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=Y    | z=y      | false",
                "{labels: {x: 'y', v: w}}                  | KNATIVE_SERVICE   | a         | x=y    |          | false",
                "{labels: {x: 'y', v: w}}                  | KNATIVE_SERVICE   | a         | x=y    | v=w      | true",
                "{labels: {x: ''}}                         | KNATIVE_SERVICE   | a         |        |          | false",
                "{labels: {x: ''}}                         | KNATIVE_SERVICE   | a         | x=     |          | true",
                "{namespaces: [a], labels: {x: 'y'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | true",
                "{namespaces: [b], labels: {x: 'y'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | false",
                "{namespaces: [a], labels: {x: 'z'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | false",
                "{namespaces: [a], labels: {x: 'y'}, kinds: [InferenceGraph]} | KNATIVE_SERVICE | a | x=y | | false",
            })
    void matching(
            String match, ServiceKind kind, String namespace, String labels, String templateLabels, boolean matches) {
        Policy policy = policy("profiles: [{name: p, match: " + match + "}]");

        assertThat(policy.effectiveFor(subject(kind, namespace, labels(labels), labels(templateLabels)))
                        .profiles())
                .isEqualTo(matches ? List.of("p") : List.of());
    }

    @Test
    @DisplayName("records refuse what the loader refuses")
    void checkedConstructors() {
        Overrides nothing = policy("profiles: [{name: p}]").profiles().get(0).overrides();
        Profile profile = new Profile("p", Match.EVERYTHING, nothing);
        Scaling scaling = Policy.BUILT_IN.scaling();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Policy(Mode.AUDIT, Conflicts.DENY, scaling, List.of(profile, profile)))
                .withMessage("two profiles have the name p");
        assertThatIllegalArgumentException().isThrownBy(() -> new Profile("P", Match.EVERYTHING, nothing));
        assertThatIllegalArgumentException().isThrownBy(() -> new Glob(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Match(List.of(), Map.of("a b", "c"), Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Match(List.of(), Map.of("a", "b c"), Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyProblem("", 0, 1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyProblem("", 1, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Loaded.Invalid(List.of()));
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Policy(null, Conflicts.DENY, scaling, List.of()))
                .withMessage("mode");
    }

    private static Policy policy(String rest) {
        Loaded loaded = PolicyLoader.load("apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + rest);
        assertThat(loaded.problems()).isEmpty();
        return loaded.policy().orElseThrow();
    }

    private static Map<String, String> labels(String text) {
        if (text == null) {
            return Map.of();
        }
        int equals = text.indexOf('=');
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }

    private static Subject subject(
            ServiceKind kind, String namespace, Map<String, String> labels, Map<String, String> templateLabels) {
        return new Subject(kind, namespace, labels, templateLabels);
    }
}
