package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.Profile.Match;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** docs/policy.md says what is so. */
class PolicyPageTest {
    private static final Pattern PROBLEM = Pattern.compile("policy\\.yaml:\\d+:\\d+: .*");

    private final String page;
    private final List<String> policies;

    PolicyPageTest() throws IOException {
        page = PolicyTexts.page();
        policies = PolicyTexts.onPage(page);
    }

    @Test
    void everyPolicyLoads() {
        assertThat(policies).hasSize(6).allSatisfy(policy -> assertThat(
                        PolicyLoader.load(policy).problems())
                .isEmpty());
    }

    @Test
    @DisplayName("the policy of a namespace on the page is one")
    void namespacePolicy() {
        assertThat(PolicyTexts.ofNamespaces(page)).singleElement().satisfies(policy -> {
            LoadedProfiles loaded = PolicyLoader.loadProfiles(policy);
            assertThat(loaded.problems()).isEmpty();
            assertThat(loaded.profiles()).extracting(Profile::name).containsExactly("llm");
        });
    }

    @Test
    @DisplayName("every example of a whole policy loads, says what it matches, and is on the page")
    void examples() throws IOException {
        assertThat(PolicyTexts.examples()).hasSize(2).allSatisfy(file -> {
            LoadedPolicy loaded = PolicyLoader.load(PolicyTexts.inFile(file));
            assertThat(loaded.problems()).isEmpty();
            assertThat(loaded.policy().orElseThrow().profiles())
                    .noneMatch(profile -> profile.match().equals(Match.EVERYTHING));
            isOnThePage("(examples/policies/" + file.getFileName() + ")");
        });
    }

    @Test
    @DisplayName("every dialect and every handler has a row")
    void rows() {
        Stream.of(GpuDialect.values())
                .forEach(dialect -> assertThat(page).containsPattern("\\n\\| `" + dialect.term() + "`[ :]"));
        Stream.of("httpGet", "tcpSocket", "grpc", "exec").forEach(handler -> isOnThePage("\n| `" + handler + "` | "));
        Stream.of("`path`", "`port`", "`service`", "`command`").forEach(this::isOnThePage);
    }

    @Test
    @DisplayName("the ConfigMap at the top is the built-in policy")
    void defaults() {
        assertThat(PolicyLoader.load(policies.get(0)).policy()).contains(Policy.BUILT_IN);
    }

    @Test
    @DisplayName("the four services of the example get what the table says")
    void example() {
        Policy policy = PolicyLoader.load(policies.get(2)).policy().orElseThrow();
        Map<String, String> llm = Map.of("serving", "llm");

        assertThat(row(
                        policy,
                        new PolicyTarget(ServiceKind.KNATIVE_SERVICE, "dev-1", Map.of(), Map.of(), Optional.empty())))
                .isEqualTo("| Knative Service in `dev-1` | none | `Clamp` | `Inherit` | `Always` |")
                .satisfies(this::isOnThePage);
        assertThat(row(
                        policy,
                        new PolicyTarget(ServiceKind.KNATIVE_SERVICE, "prod-eu", Map.of(), Map.of(), Optional.empty())))
                .isEqualTo("| Knative Service in `prod-eu` | `gitops` | `Warn` | `Inherit` | `Always` |")
                .satisfies(this::isOnThePage);
        assertThat(row(
                        policy,
                        new PolicyTarget(ServiceKind.INFERENCE_SERVICE, "dev-1", llm, Map.of(), Optional.empty())))
                .isEqualTo("| InferenceService in `dev-1` with `serving: llm` | `llm`"
                        + " | `Clamp` | `Unbounded` | `WhenNeeded` |")
                .satisfies(this::isOnThePage);
        assertThat(row(
                        policy,
                        new PolicyTarget(ServiceKind.INFERENCE_SERVICE, "prod-eu", Map.of(), llm, Optional.empty())))
                .isEqualTo("| InferenceService in `prod-eu` with `serving: llm` | `gitops`, `llm`, `llm-in-prod`"
                        + " | `Deny` | `Unbounded` | `WhenNeeded` |")
                .satisfies(this::isOnThePage);
    }

    @Test
    @DisplayName("the messages that the page shows are the messages that come")
    void messages() {
        List<String> shown = PROBLEM.matcher(page)
                .results()
                .map(found -> found.group().strip())
                .toList();

        assertThat(PolicyLoader.load("""
                                apiVersion: trimtab.dev/v1alpha1
                                kind: Policy

                                scaling:
                                  maxScale: {whenUnset: Inherit}
                                  initialScale: {default: MinReplica}
                                profiles:
                                  - name: dev
                                    nmae: prod
                                """).problems())
                .extracting(PolicyProblem::toString)
                .isEqualTo(shown);
    }

    @Test
    @DisplayName("what a profile knows of a model has a section for every key, and an example with all of them")
    void servingKeys() {
        Map<String, List<String>> keys = PolicyKeys.PROFILE.all().stream()
                .filter(key -> !key.path().matches("(name|match|conflicts|scaling)(\\..*)?"))
                .collect(Collectors.groupingBy(
                        KeyTable.PolicyKey::group, Collectors.mapping(KeyTable.PolicyKey::name, Collectors.toList())));
        keys.get("").forEach(key -> isOnThePage("\n### " + key + "\n"));
        Map<String, Map<String, ?>> profile = new Yaml()
                .<Map<String, List<Map<String, Map<String, ?>>>>>load(policies.get(3))
                .get("profiles")
                .get(0);
        keys.forEach((group, names) -> assertThat(
                        group.isEmpty() ? profile.keySet() : profile.get(group).keySet())
                .containsAll(names));
    }

    private void isOnThePage(String text) {
        assertThat(page).contains(text);
    }

    private static String row(Policy policy, PolicyTarget subject) {
        EffectivePolicy effective = policy.effectiveFor(subject);
        boolean knative = subject.kind() == ServiceKind.KNATIVE_SERVICE;
        String profiles =
                effective.profiles().isEmpty() ? "none" : "`" + String.join("`, `", effective.profiles()) + "`";
        return String.format(
                "| %s in `%s`%s | %s | `%s` | `%s` | `%s` |",
                knative ? "Knative Service" : "InferenceService",
                subject.namespace(),
                knative ? "" : " with `serving: llm`",
                profiles,
                effective.conflicts().term(),
                effective.scaling().maxScaleWhenUnset().term(),
                effective.scaling().initialScaleWrite().term());
    }
}
