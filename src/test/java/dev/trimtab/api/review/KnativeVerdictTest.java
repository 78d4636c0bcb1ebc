package dev.trimtab.api.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.cli.Cli;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} says is refused, and what the real Knative refuses, are the same. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class KnativeVerdictTest extends ApiTest {
    private static final int SERVICES = 150;
    private static final int INFERENCE_SERVICES = 50;
    private static final Pattern REFUSED = Pattern.compile("[^:]*:(\\d+):\\d+: refused: (.*)");
    /** On a dry-run Knative has the API server try a Pod too: what that refuses is stored by a real request. */
    private static final String POD_REFUSED = "validation callback failed: dry run failed";

    private static final List<String> POD_FLAGS = List.of(
            "affinity",
            "dnsconfig",
            "dnspolicy",
            "fieldref",
            "hostaliases",
            "hostipc",
            "hostnetwork",
            "hostpid",
            "init-containers",
            "nodeselector",
            "persistent-volume-claim",
            "persistent-volume-write",
            "priorityclassname",
            "runtimeclassname",
            "schedulername",
            "securitycontext",
            "shareprocessnamespace",
            "tolerations",
            "topologyspreadconstraints",
            "volumes-csi",
            "volumes-emptydir",
            "volumes-hostpath",
            "volumes-image",
            "volumes-mount-propagation");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** How Knative is configured, and of which cases it is asked. */
    private record Configuration(String name, long seed, Map<String, Map<String, String>> configMaps) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Configuration> configurations() {
        return List.of(
                new Configuration("as installed", 1, Map.of()),
                new Configuration(
                        "with limits",
                        2,
                        Map.of(
                                KnativeConfig.CONFIG_AUTOSCALER,
                                Map.of("max-scale-limit", "10", "max-scale", "4", "allow-zero-initial-scale", "true"),
                                KnativeConfig.CONFIG_DEFAULTS,
                                Map.of(
                                        "max-revision-timeout-seconds", "1200",
                                        "container-concurrency-max-limit", "100",
                                        "allow-container-concurrency-zero", "false",
                                        "container-concurrency", "10",
                                        "revision-timeout-seconds", "60"))),
                new Configuration(
                        "all that may be is allowed",
                        3,
                        Map.of(
                                KnativeConfig.CONFIG_AUTOSCALER,
                                Map.of("pod-autoscaler-class", AutoscalerConfig.HPA),
                                KnativeConfig.CONFIG_FEATURES,
                                flags("allowed"))),
                new Configuration("all is enabled", 4, Map.of(KnativeConfig.CONFIG_FEATURES, flags("enabled"))));
    }

    private static Map<String, String> flags(String value) {
        Map<String, String> flags = new TreeMap<>();
        for (String name : POD_FLAGS) {
            flags.put("kubernetes.podspec-" + name, value);
        }
        flags.put("kubernetes.containerspec-addcapabilities", value);
        flags.put("multi-container-probing", value);
        return flags;
    }

    @ParameterizedTest
    @MethodSource("configurations")
    @DisplayName("generated Services, and those that are rendered for generated InferenceServices")
    void agree(Configuration configuration) throws IOException {
        cluster.hpa(true);
        configuration.configMaps.forEach(cluster::configure);
        KnativeCases cases = new KnativeCases(configuration.seed());
        List<ObjectNode> objects = new ArrayList<>();
        IntStream.range(0, SERVICES).forEach(i -> objects.add(cases.service()));
        Stream.generate(cases::inferenceService)
                .filter(this::isTakenByKserve)
                .limit(INFERENCE_SERVICES)
                .forEach(objects::add);

        Map<Integer, String> said = check(objects, configuration);
        Map<Integer, String> happened = happened(objects);

        List<String> differences = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            if (said.containsKey(i) != happened.containsKey(i)) {
                differences.add("%s%n  check: %s%n  Knative: %s"
                        .formatted(objects.get(i), said.getOrDefault(i, "fine"), happened.getOrDefault(i, "fine")));
            }
        }
        assertThat(differences).isEmpty();
        // Of both there must be many, or nothing was shown.
        assertThat(happened.size()).isBetween(objects.size() / 5, objects.size() * 4 / 5);
    }

    private Map<Integer, String> happened(List<ObjectNode> objects) {
        return IntStream.range(0, objects.size())
                .parallel()
                .boxed()
                .flatMap(i -> refusal(objects.get(i)).map(it -> Map.entry(i, it)).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** By the number of the object what {@code check} refuses of it: each object is a line. */
    private Map<Integer, String> check(List<ObjectNode> objects, Configuration configuration) throws IOException {
        Path manifests = Files.write(
                folder.resolve("objects.yaml"),
                objects.stream()
                        .flatMap(it -> List.of("---", it.toString()).stream())
                        .toList());
        List<String> arguments = new ArrayList<>(List.of("check", "-f", manifests.toString(), "-n", namespace));
        List<String> configMaps = new ArrayList<>();
        configuration.configMaps.forEach((name, data) -> configMaps.addAll(List.of(
                "---",
                Api.yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}".formatted(name))
                        .set("data", JSON.valueToTree(data))
                        .toString())));
        if (!configMaps.isEmpty()) {
            arguments.addAll(List.of(
                    "--knative",
                    Files.write(folder.resolve("knative.yaml"), configMaps).toString()));
        }
        Cli check = Cli.run(arguments.toArray(String[]::new));
        assertThat(check.errors()).allMatch(line -> line.contains("is not a complete object"));
        Map<Integer, String> refused = new LinkedHashMap<>();
        for (Matcher line : check.out().lines().map(REFUSED::matcher).toList()) {
            if (line.matches()) {
                refused.merge(Integer.parseInt(line.group(1)) / 2 - 1, line.group(2), (a, b) -> a + "; " + b);
            }
        }
        return refused;
    }

    /** What the API server says, with Trimtab, Knative and the CRD; of an InferenceService to what KServe makes of it. */
    private Optional<String> refusal(ObjectNode object) {
        if (new Manifest(object).kind() == dev.trimtab.manifest.Kind.KNATIVE_SERVICE) {
            return refusalOf(object);
        }
        return Rendering.workloads(
                        stored(object),
                        DeploymentMode.KNATIVE,
                        settings.get().knative().autoscaler())
                .values()
                .stream()
                .flatMap(it -> refusalOf(it).stream())
                .findFirst();
    }

    /** Its CRD has required fields, of which Trimtab knows nothing. */
    private boolean isTakenByKserve(ObjectNode object) {
        return answer(Kind.INFERENCE_SERVICE, object).isEmpty();
    }

    /** As it comes out of admission. */
    private Manifest stored(ObjectNode object) {
        return new Manifest(cluster.api.dryRunCreate(Kind.INFERENCE_SERVICE, inNamespace(object)));
    }

    private Optional<String> refusalOf(ObjectNode service) {
        return answer(Kind.KNATIVE_SERVICE, service).filter(it -> !it.contains(POD_REFUSED));
    }

    private Optional<String> answer(Kind kind, ObjectNode object) {
        try {
            JsonNode unused = cluster.api.dryRunCreate(kind, inNamespace(object));
            return Optional.empty();
        } catch (KubernetesClientException refused) {
            return Optional.of(refused.getCode() + " " + refused.getMessage());
        }
    }

    private ObjectNode inNamespace(ObjectNode object) {
        ObjectNode sent = object.deepCopy();
        sent.withObject("/metadata").put("namespace", namespace);
        return sent;
    }
}
