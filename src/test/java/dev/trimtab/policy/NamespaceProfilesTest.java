package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The policy that a namespace has for itself. */
class NamespaceProfilesTest {
    private static final String HEADER = PolicyLoaderTest.HEADER;
    private static final String NOT_HERE =
            "belongs in the cluster policy; a namespace policy may contain only apiVersion, kind and profiles";
    private static final String ANYWAY =
            "is not for a namespace's own profile: it is for that namespace anyway; leave it out";

    @Test
    void loads() {
        LoadedProfiles loaded = PolicyLoader.loadProfiles(HEADER + """
                profiles:
                  - name: llm
                    match: {labels: {serving: llm}, modelFormats: [vllm], kinds: [InferenceService]}
                    conflicts: Warn
                    startupSeconds: 90
                  - name: rest
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.profiles()).extracting(Profile::name).containsExactly("llm", "rest");
        assertThat(loaded.profiles().get(0).match().modelFormats()).containsExactly("vllm");
        assertThat(loaded.profiles().get(0).match().namespaces()).isEmpty();
        assertThat(loaded.profiles().get(0).serving().startupSeconds()).contains(90);
    }

    @Test
    @DisplayName("one that sets nothing is well")
    void empty() {
        assertThat(PolicyLoader.loadProfiles(HEADER)).isEqualTo(new LoadedProfiles(List.of(), List.of()));
        assertThat(PolicyLoader.loadProfiles(HEADER + "profiles: []"))
                .isEqualTo(new LoadedProfiles(List.of(), List.of()));
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                arguments("mode: Audit", "3:1 mode: " + NOT_HERE),
                arguments("mode: 1\nscaling: 2", "3:1 mode: " + NOT_HERE, "4:1 scaling: " + NOT_HERE),
                arguments("namespaces: {allowProfiles: true}", "3:1 namespaces: " + NOT_HERE),
                arguments("profile: []", "3:1 profile: unknown key; did you mean profiles?"),
                arguments("stop: {gracePeriod: 1}", "3:1 stop: " + NOT_HERE),
                arguments("quota: 1", "3:1 quota: unknown key; known here: apiVersion, kind, profiles"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: [b]}}",
                        "4:23 profiles[0].match.namespaces: " + ANYWAY),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: , kind: []}}",
                        "4:23 profiles[0].match.namespaces: " + ANYWAY,
                        "4:37 profiles[0].match.kind: unknown key; did you mean kinds?"),
                arguments(
                        "profiles:\n  - {name: a, match: {spaces: []}}",
                        "4:23 profiles[0].match.spaces: unknown key; known here: labels, modelFormats, kinds"),
                arguments(
                        "profiles:\n  - {name: a}\n  - {name: a, startupSeconds: 0}",
                        "5:12 profiles[1].name: \"a\" is already the name of profiles[0]",
                        "5:31 profiles[1].startupSeconds: 0 is below 1, the least that Trimtab takes"),
                arguments("profiles:", "3:10 profiles: expected a list, found nothing"),
                arguments(
                        "a: [",
                        "3:5 not valid YAML: while parsing a flow node, expected the node content, but found"
                                + " '<stream end>'"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void refuses(ArgumentsAccessor arguments) {
        List<String> expected = arguments.toList().stream()
                .skip(1)
                .map(said -> "policy.yaml:" + said.toString().replaceFirst(" ", ": "))
                .toList();

        LoadedProfiles loaded = PolicyLoader.loadProfiles(HEADER + arguments.getString(0));

        assertThat(loaded.profiles()).isEmpty();
        assertThat(loaded.problems()).extracting(PolicyProblem::toString).containsExactlyElementsOf(expected);
    }

    @Test
    @DisplayName("it needs the same header")
    void header() {
        assertThat(PolicyLoader.loadProfiles("").problems())
                .extracting(PolicyProblem::message)
                .containsExactly(
                        "the policy is empty; it needs at least apiVersion: trimtab.dev/v1alpha1 and kind: Policy");
        assertThat(PolicyLoader.loadProfiles("kind: Profiles\nprofiles: [{name: a}]"))
                .extracting(LoadedProfiles::problems)
                .asString()
                .contains("apiVersion: is missing", "kind: \"Profiles\" is not known; this release reads Policy");
    }

    @Test
    @DisplayName("its profiles come after the cluster's, and go by names with the namespace")
    void afterTheClusters() {
        Policy policy = policy("""
                namespaces: {allowProfiles: true}
                conflicts: Deny
                profiles:
                  - {name: llm, startupSeconds: 240, maxResponseSeconds: 500}
                  - {name: elsewhere, match: {namespaces: [other]}, startupSeconds: 9}
                """);

        EffectivePolicy effective = policy.effectiveFor(inMlDev(), ofMlDev());

        assertThat(effective.profiles()).containsExactly("llm", "ml-dev/llm", "ml-dev/small");
        assertThat(effective.conflicts()).isEqualTo(Conflicts.WARN);
        assertThat(effective.serving().startupSeconds()).contains(60);
        assertThat(effective.serving().maxResponseSeconds()).contains(500);
        assertThat(policy.effectiveFor(inMlDev())).isEqualTo(policy.effectiveFor(inMlDev(), List.of()));
    }

    @Test
    @DisplayName("they count for nothing where the cluster's policy does not allow them")
    void notAllowed() {
        Policy policy = policy("profiles: [{name: llm, startupSeconds: 240}]");

        assertThat(policy.effectiveFor(inMlDev(), ofMlDev())).isEqualTo(policy.effectiveFor(inMlDev()));
        assertThat(policy.effectiveFor(inMlDev()).profiles()).containsExactly("llm");
        assertThat(Policy.BUILT_IN.effectiveFor(inMlDev(), ofMlDev()).profiles())
                .isEmpty();
    }

    @Test
    @DisplayName("a text with a problem gives no profiles")
    void neverBoth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadedProfiles(ofMlDev(), List.of(new PolicyProblem("", 1, 1, "is wrong"))));
    }

    private static PolicyTarget inMlDev() {
        return new PolicyTarget(ServiceKind.INFERENCE_SERVICE, "ml-dev", Map.of(), Map.of(), Optional.empty());
    }

    private static List<Profile> ofMlDev() {
        LoadedProfiles loaded = PolicyLoader.loadProfiles(HEADER + """
                profiles:
                  - {name: llm, startupSeconds: 120, conflicts: Warn}
                  - {name: graphs, match: {kinds: [InferenceGraph]}, startupSeconds: 7}
                  - {name: small, startupSeconds: 60}
                """);
        assertThat(loaded.problems()).isEmpty();
        return loaded.profiles();
    }

    private static Policy policy(String rest) {
        return PolicyLoader.load(HEADER + rest).policy().orElseThrow();
    }
}
