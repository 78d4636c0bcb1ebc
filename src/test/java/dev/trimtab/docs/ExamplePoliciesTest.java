package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.Profile;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlEdit;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The policies in docs/examples/policies, as they are there, over what people and KServe write. Each directory below {@code
 * src/test/resources/examples/<policy>} holds the manifests, what becomes of them, and what is said of each. An
 * InferenceService of the case is known by the time that KServe renders for it, as on a cluster. {@code mvn test
 * -Dtest=ExamplePoliciesTest -Dgolden.update=true} writes the results anew; read the difference.
 */
class ExamplePoliciesTest {
    private static final Path CASES = Path.of("src", "test", "resources", "examples");
    private static final Path POLICIES = Path.of("docs", "examples", "policies");

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @TestFactory
    Stream<DynamicContainer> examples() {
        assertThat(children(CASES))
                .extracting(it -> it.getFileName() + ".yaml")
                .containsExactlyElementsOf(children(POLICIES).stream()
                        .map(it -> it.getFileName().toString())
                        .filter(it -> it.startsWith("policy-"))
                        .toList());
        return children(CASES).stream()
                .map(it -> dynamicContainer(it.getFileName().toString(), checks(it)));
    }

    private Stream<DynamicTest> checks(Path policy) {
        Settings settings = settings(POLICIES.resolve(policy.getFileName() + ".yaml"));
        return Stream.concat(
                children(policy).stream()
                        .map(it -> dynamicTest(it.getFileName().toString(), () -> check(it, withModels(settings, it)))),
                Stream.of(dynamicTest("every profile is for something", () -> everyProfile(policy, settings))));
    }

    private void check(Path directory, Settings settings) {
        StringBuilder out = new StringBuilder();
        StringBuilder said = new StringBuilder();
        YamlStream.read(text(directory.resolve("in.yaml"))).forEach(document -> {
            ObjectNode sent = (ObjectNode) document.content();
            Manifest manifest = new Manifest(sent);
            AdmissionResponse answer = review(sent, Optional.empty(), settings);
            ObjectNode result = Requests.patched(sent, answer);
            out.append(YamlEdit.apply(document, result));
            said.append("%s %s: %s%n".formatted(manifest.kindName(), manifest.name(), profiles(manifest, settings)));
            answer.review()
                    .warnings()
                    .forEach(line -> said.append("Warning: ").append(line).append('\n'));
            assertThat((JsonNode) review(result, Optional.of(result), settings).patch())
                    .as("asked again")
                    .isEmpty();
            if (manifest.kind() == Kind.KNATIVE_SERVICE) {
                assertThat(ServiceRules.onCreate(sent, settings.knative())).isEmpty();
                assertThat(ServiceRules.onCreate(result, settings.knative())).isEmpty();
            }
            if (manifest.kind() == Kind.KNATIVE_SERVICE || manifest.kind() == Kind.DEPLOYMENT) {
                ObjectNode again = Requests.patched(sent, review(sent, Optional.of(result), Settings.DEFAULTS));
                assertThat(again).as("sent again, under another policy").isEqualTo(result);
            }
        });
        if (Boolean.getBoolean("golden.update")) {
            write(directory.resolve("out.yaml"), out.toString());
            write(directory.resolve("said.txt"), said.toString());
        }
        assertThat(out.toString()).isEqualTo(text(directory.resolve("out.yaml")));
        assertThat(said.toString()).isEqualTo(text(directory.resolve("said.txt")));
    }

    private void everyProfile(Path policy, Settings settings) {
        Set<String> used = children(policy).stream()
                .flatMap(
                        it -> manifests(it).flatMap(manifest -> effective(manifest, withModels(settings, it)).stream()))
                .flatMap(it -> it.profiles().stream())
                .collect(Collectors.toSet());
        assertThat(settings.policy().profiles()).extracting(Profile::name).allSatisfy(name -> assertThat(used)
                .contains(name));
    }

    private String profiles(Manifest manifest, Settings settings) {
        List<String> names =
                effective(manifest, settings).map(EffectivePolicy::profiles).orElse(List.of());
        return names.isEmpty() ? "no profile" : String.join(", ", names);
    }

    private Optional<EffectivePolicy> effective(Manifest manifest, Settings settings) {
        return reviewer.policiesFor(manifest, manifest.namespace(), settings).values().stream()
                .findFirst();
    }

    private AdmissionResponse review(ObjectNode object, Optional<ObjectNode> stored, Settings settings) {
        return Requests.send(reviewer, Requests.of(object, stored, false), settings);
    }

    private static Settings settings(Path policy) {
        try {
            return Settings.DEFAULTS.withPolicy(
                    PolicyLoader.load(SettingsFiles.policy(policy)).policy().orElseThrow());
        } catch (UnreadableFile e) {
            throw new AssertionError(e);
        }
    }

    private static Settings withModels(Settings settings, Path directory) {
        Settings known = settings;
        for (Manifest it : manifests(directory).toList()) {
            if (it.kind() == Kind.INFERENCE_SERVICE) {
                known = known.withModels(models -> models.with(it.namespace(), it.name(), Model.of(it)));
            }
        }
        return known;
    }

    private static Stream<Manifest> manifests(Path directory) {
        return YamlStream.read(text(directory.resolve("in.yaml"))).stream()
                .map(document -> new Manifest((ObjectNode) document.content()));
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
