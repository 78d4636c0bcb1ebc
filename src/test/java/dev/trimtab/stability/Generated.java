package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Gpu;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Probes;
import dev.trimtab.policy.Probes.Handler;
import dev.trimtab.policy.Profile;
import dev.trimtab.policy.Profile.Match;
import dev.trimtab.policy.Profile.Overrides;
import dev.trimtab.policy.Scaling;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import dev.trimtab.policy.Serving;
import dev.trimtab.policy.Serving.Window;
import dev.trimtab.rules.DatasetAnnotation;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Services, policies and configurations of all sorts, for properties. */
final class Generated {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NUMBERS = List.of("0", "1", "2", "3", "5", "8", "12");
    private static final List<String> ODD = List.of("-1", "x", "", "+3", " 3", "0x3", "99999999999", "007", "1e1");

    private Generated() {}

    /** Whatever people write, mistakes included. */
    static Arbitrary<ObjectNode> anyService() {
        return pod(service(anyAnnotations()));
    }

    /** What Knative mostly accepts. */
    static Arbitrary<ObjectNode> soundService() {
        return pod(service(soundAnnotations()));
    }

    /** The annotations of a revision template as people mostly write them. */
    static Arbitrary<ObjectNode> soundAnnotations() {
        return annotations(Arbitraries.of(NUMBERS).map(JSON::textNode));
    }

    private static Arbitrary<ObjectNode> anyAnnotations() {
        Arbitrary<JsonNode> texts = Arbitraries.of(NUMBERS).map(JSON::textNode);
        Arbitrary<JsonNode> odd = Arbitraries.of(ODD).map(JSON::textNode);
        Arbitrary<JsonNode> wrong = Arbitraries.of(
                JSON.nullNode(), JSON.numberNode(3), JSON.booleanNode(true), JSON.objectNode(), JSON.arrayNode());
        return annotations(Arbitraries.frequencyOf(Tuple.of(12, texts), Tuple.of(2, odd), Tuple.of(1, wrong)));
    }

    private static Arbitrary<ObjectNode> annotations(Arbitrary<? extends JsonNode> values) {
        Arbitrary<String> keys = Arbitraries.of(
                "min-scale", "minScale", "max-scale", "maxScale", "initial-scale", "initialScale", "activation-scale");
        Arbitrary<String> classes = Arbitraries.of("", "", "", "kpa", "hpa");
        return Combinators.combine(Arbitraries.maps(keys, values).ofMaxSize(4), classes, promises())
                .as((map, autoscaler, promises) -> {
                    ObjectNode annotations = JSON.objectNode();
                    promises.forEach(annotations::put);
                    map.forEach((key, value) -> annotations.set("autoscaling.knative.dev/" + key, value));
                    if (!autoscaler.isEmpty()) {
                        annotations.put("autoscaling.knative.dev/class", autoscaler + ".autoscaling.knative.dev");
                    }
                    return annotations;
                });
    }

    /** What authors tell about their models, and the windows and metrics that they set themselves. */
    private static Arbitrary<Map<String, String>> promises() {
        Arbitrary<Map<String, String>> told = Arbitraries.maps(
                        Arbitraries.of("trimtab.dev/startup-seconds", "trimtab.dev/max-response-seconds"),
                        Arbitraries.of("2", "30", "400", "900", "x"))
                .ofMaxSize(2);
        Arbitrary<String> metrics = Arbitraries.of("", "", "", "", "rps", "cpu");
        Arbitrary<String> windows = Arbitraries.of("", "", "", "90s");
        Arbitrary<String> datasets = Arbitraries.of("", "", "", "llama", "qwen-3.5", "llama:/prompts", "no name");
        Arbitrary<Map<String, String>> gpus = Arbitraries.maps(
                        Arbitraries.of("trimtab.dev/gpu-memory", "gpu-memory", "gpu-fraction"),
                        Arbitraries.of("12Gi", "12288", "8000Mi", "1536Mi", "0.5"))
                .ofMaxSize(1);
        return Combinators.combine(told, metrics, windows, gpus, datasets).as((map, metric, window, gpu, dataset) -> {
            Map<String, String> promises = new HashMap<>(map);
            promises.putAll(gpu);
            if (!metric.isEmpty()) {
                promises.put("autoscaling.knative.dev/metric", metric);
            }
            if (!window.isEmpty()) {
                promises.put("autoscaling.knative.dev/window", window);
            }
            if (!dataset.isEmpty()) {
                promises.put(DatasetAnnotation.ANNOTATION, dataset);
            }
            return promises;
        });
    }

    /** What the containers have besides an image: probes, volumes, a container that gets the traffic instead. */
    static Arbitrary<ObjectNode> pod(Arbitrary<ObjectNode> services) {
        Arbitrary<JsonNode> readiness = Arbitraries.of(
                        "{}",
                        "{tcpSocket: {}}",
                        "{tcpSocket: {port: 0}, successThreshold: 1}",
                        "{tcpSocket: {port: 8080}}",
                        "{httpGet: {path: /ready}, periodSeconds: 20}")
                .map(Services::yaml);
        Arbitrary<JsonNode> others = Arbitraries.of(
                        "{httpGet: {path: /health, port: 8080}, failureThreshold: 90}", "{exec: {command: [ls]}}")
                .map(Services::yaml);
        return Combinators.combine(
                        services,
                        readiness.optional(0.4),
                        others.optional(0.2),
                        others.optional(0.2),
                        Arbitraries.of(true, false, false),
                        Arbitraries.of(true, false, false))
                .as((service, ready, live, start, volumes, sidecar) -> {
                    ObjectNode written = service.deepCopy();
                    ObjectNode container = (ObjectNode) written.at("/spec/template/spec/containers/0");
                    ready.ifPresent(probe -> container.set("readinessProbe", probe.deepCopy()));
                    live.ifPresent(probe -> container.set("livenessProbe", probe.deepCopy()));
                    start.ifPresent(probe -> container.set("startupProbe", probe.deepCopy()));
                    ObjectNode pod = (ObjectNode) written.at("/spec/template/spec");
                    if (volumes) {
                        container.set("volumeMounts", list("{name: prompts, mountPath: /prompts}"));
                        pod.set("volumes", list("{name: prompts, configMap: {name: prompts}}"));
                    }
                    if (sidecar) {
                        pod.withArray("containers")
                                .add(Services.yaml(
                                        "{name: transformer-container, image: t, ports: [{containerPort: 8081}]}"));
                    }
                    return written;
                });
    }

    private static JsonNode list(String entry) {
        return JSON.arrayNode().add(Services.yaml(entry));
    }

    /** The resources of a container that holds a model, as JSON. */
    static Arbitrary<String> resources() {
        return Arbitraries.of(
                "{}",
                "{'limits': {'cpu': 1}}",
                "{'limits': {'nvidia.com/gpu': 1}}",
                "{'limits': {'nvidia.com/gpu': '1'}}",
                "{'limits': {'nvidia.com/gpu': 2, 'nvidia.com/gpumem': 12288}}",
                "{'limits': {'aliyun.com/gpu-mem': 12}}",
                "{'limits': {'aliyun.com/gpu-mem': '8'}}",
                "{'limits': {'volcano.sh/vgpu-memory': 8000}}",
                "{'requests': {'nvidia.com/gpumem': 8000}}",
                "{'requests': {'nvidia.com/gpu': 2}}",
                "{'limits': {'koordinator.sh/gpu-memory': '12288Mi'}}",
                "{'limits': {'nvidia.com/mig-1g.10gb': 1}, 'requests': null}");
    }

    private static Arbitrary<ObjectNode> service(Arbitrary<ObjectNode> annotations) {
        Arbitrary<String> images = Arbitraries.of("ghcr.io/example/llm:1", "ghcr.io/example/llm:2");
        return Combinators.combine(
                        images,
                        Arbitraries.of(true, false),
                        annotations,
                        podSpecs(),
                        Arbitraries.of(true, false),
                        resources())
                .as((image, byKServe, map, changes, defaulted, resources) -> {
                    ObjectNode service = byKServe ? Services.rendered(image) : Services.handWritten(image);
                    Services.withResources(service, resources);
                    write(changes, service);
                    map.properties()
                            .forEach(
                                    it -> Pointers.set(service, KnativeService.annotation(it.getKey()), it.getValue()));
                    return defaulted ? KnativeDefaulting.apply(service, null, KnativeConfig.DEFAULTS) : service;
                });
    }

    /** What authors write in a pod spec, by its place there; a missing node takes out what is there. */
    static Arbitrary<Map<String, JsonNode>> podSpecs() {
        return Combinators.combine(numbers(), parts()).as((numbers, parts) -> {
            Map<String, JsonNode> changes = new TreeMap<>(numbers);
            changes.putAll(parts);
            return changes;
        });
    }

    /** The numbers and resources that config-defaults has a say in. */
    static Arbitrary<Map<String, JsonNode>> numbers() {
        Arbitrary<JsonNode> seconds = Arbitraries.of(
                JSON.missingNode(), JSON.missingNode(), JSON.numberNode(0), JSON.numberNode(60), JSON.numberNode(300));
        Arbitrary<JsonNode> requests =
                Arbitraries.of(JSON.missingNode(), JSON.missingNode(), JSON.numberNode(0), JSON.numberNode(5));
        Arbitrary<JsonNode> quantities =
                Arbitraries.of(JSON.textNode("0.5"), JSON.textNode("1000m"), JSON.textNode("2"), JSON.numberNode(1));
        Arbitrary<Map<String, JsonNode>> resources = Arbitraries.maps(
                        Arbitraries.of("requests/cpu", "requests/memory", "limits/cpu", "limits/ephemeral-storage")
                                .map("containers/0/resources/"::concat),
                        quantities)
                .ofMaxSize(2);
        return Combinators.combine(seconds, seconds, seconds, requests, resources)
                .as((timeout, responseStart, idle, concurrency, map) -> {
                    Map<String, JsonNode> changes = new TreeMap<>(map);
                    changes.put("timeoutSeconds", timeout);
                    changes.put("responseStartTimeoutSeconds", responseStart);
                    changes.put("idleTimeoutSeconds", idle);
                    changes.put("containerConcurrency", concurrency);
                    return changes;
                });
    }

    /** Ports, probes, volumes, a sidecar and an init container. */
    private static Arbitrary<Map<String, JsonNode>> parts() {
        Map<String, String> parts = Map.of(
                "containers/0/ports", "[{containerPort: 8080}]",
                "containers/0/readinessProbe", "{httpGet: {path: /ready}, periodSeconds: 5, failureThreshold: 0}",
                "containers/0/livenessProbe", "{tcpSocket: {port: 8080}}",
                "containers/0/volumeMounts", "[{name: cache, mountPath: /cache}]",
                "volumes", "[{name: cache, emptyDir: {}}]",
                "containers/1", "{name: metrics, image: example/metrics:1, resources: {limits: {cpu: 100m}}}",
                "initContainers", "[{name: fetch, image: example/fetch:1}]");
        return Arbitraries.subsetOf(parts.keySet()).map(keys -> {
            Map<String, JsonNode> changes = new TreeMap<>();
            keys.forEach(key ->
                    changes.put(key, Services.yaml("part: " + parts.get(key)).path("part")));
            return changes;
        });
    }

    /** Writes what {@link #podSpecs} gives. */
    static void write(Map<String, JsonNode> changes, ObjectNode service) {
        changes.forEach((place, value) -> {
            JsonPointer at = JsonPointer.compile(KnativeService.POD_SPEC + "/" + place);
            if (value.isMissingNode()) {
                Pointers.remove(service, at);
            } else {
                Pointers.set(service, at, value.deepCopy());
            }
        });
    }

    /** Any policy with any configuration that Knative accepts. */
    static Arbitrary<Settings> settings() {
        Arbitrary<FeaturesConfig> features = Arbitraries.maps(
                        Arbitraries.of(FeaturesConfig.PERSISTENT_VOLUME_CLAIM, FeaturesConfig.MULTI_CONTAINER_PROBING),
                        Arbitraries.of("enabled", "enabled", "disabled"))
                .ofMaxSize(2)
                .map(FeaturesConfig::parse);
        return Combinators.combine(
                        policies(),
                        configurations(),
                        features,
                        Arbitraries.of(
                                ClusterFacts.NONE,
                                ClusterFacts.NONE.withProgressiveRollout(true),
                                ClusterFacts.NONE.withDefaultMode(Optional.of(DeploymentMode.STANDARD))))
                .as((policy, knative, flags, cluster) -> new Settings(policy, knative.withFeatures(flags), cluster))
                .flatMap(settings -> running().map(pods -> settings.withRevisions(known -> pods)));
    }

    /** What runs of the Services that are generated here, or that it is not known. */
    static Arbitrary<Revisions> running() {
        return Arbitraries.of(-1, 0, 1, 3, 4, 9).map(pods -> pods < 0 ? Revisions.UNKNOWN : Services.running(pods));
    }

    private static Arbitrary<Policy> policies() {
        Arbitrary<Scaling> scaling = Combinators.combine(
                        Arbitraries.of(MaxScaleWhenUnset.class),
                        Arbitraries.of(InitialScaleDefault.class),
                        Arbitraries.of(InitialScaleWrite.class),
                        Arbitraries.of(InitialScaleOnUpdate.class))
                .as((max, initial, write, onUpdate) ->
                        new Scaling(max, initial, write, onUpdate, new BigDecimal("1.2")));
        return Combinators.combine(
                        Arbitraries.of(Mode.ENFORCE, Mode.ENFORCE, Mode.ENFORCE, Mode.AUDIT),
                        Arbitraries.of(Conflicts.CLAMP, Conflicts.CLAMP, Conflicts.WARN, Conflicts.DENY),
                        scaling,
                        Arbitraries.of("1", "1.2", "3").map(BigDecimal::new),
                        Arbitraries.frequency(Tuple.of(5, true), Tuple.of(1, false)),
                        servings(),
                        Arbitraries.of(GpuDialect.class))
                .as((mode, conflicts, values, factor, pinDefaults, serving, dialect) -> new Policy(
                        mode,
                        conflicts,
                        values,
                        factor,
                        Gpu.of(dialect),
                        pinDefaults,
                        false,
                        Policy.BUILT_IN.lifecycle(),
                        Policy.BUILT_IN.aibrix(),
                        DeploymentMode.KNATIVE,
                        List.of(new Profile("all", Match.EVERYTHING, Overrides.NONE, serving))));
    }

    private static Arbitrary<Serving> servings() {
        Arbitrary<Window> windows = Arbitraries.of("50", "75.5")
                .map(BigDecimal::new)
                .optional(0.5)
                .map(panic -> new Window(
                        panic, Optional.of(new BigDecimal("200")), Optional.of(120), panic, Optional.empty()));
        return Combinators.combine(
                        Arbitraries.of(2, 45, 400).optional(0.4),
                        Arbitraries.of(10, 300, 700).optional(0.4),
                        windows,
                        Arbitraries.of(0, 1, 8).optional(0.4),
                        Arbitraries.of(Map.<String, String>of(), Map.of("example.com/pool", "gpu")),
                        Arbitraries.of(0, 60).optional(0.4),
                        Arbitraries.of(12L << 30, 8000L << 20, 12_000_000_000L)
                                .map(BigDecimal::valueOf)
                                .optional(0.4),
                        probes())
                .as((startup, response, window, concurrency, metadata, rollout, gpu, probes) ->
                        new Serving(startup, response, window, concurrency, gpu, probes, metadata, metadata, rollout));
    }

    private static Arbitrary<Probes> probes() {
        Arbitrary<Optional<Handler>> handlers = Arbitraries.of(
                        new Handler.HttpGet("/v1/models/{name}", Optional.empty()),
                        new Handler.HttpGet("/health", Optional.of(8000)),
                        new Handler.TcpSocket(Optional.empty()),
                        new Handler.Grpc(Optional.of(9000), ""),
                        new Handler.Exec(List.of("healthy")))
                .map(Handler.class::cast)
                .optional(0.5);
        return Combinators.combine(handlers, handlers, handlers).as(Probes::new);
    }

    /** Knative's ConfigMaps, each as it accepts it. */
    static Arbitrary<KnativeConfig> configurations() {
        return Combinators.combine(autoscaler(), defaults(), features()).as((autoscaler, defaults, features) -> {
            KnativeConfig config = KnativeConfig.DEFAULTS;
            for (Map.Entry<String, Map<String, String>> configMap : Map.of(
                            KnativeConfig.CONFIG_AUTOSCALER, autoscaler,
                            KnativeConfig.CONFIG_DEFAULTS, defaults,
                            KnativeConfig.CONFIG_FEATURES, features)
                    .entrySet()) {
                config = accepted(config, configMap.getKey(), configMap.getValue())
                        .orElse(config);
            }
            return config;
        });
    }

    private static Arbitrary<Map<String, String>> autoscaler() {
        Arbitrary<Map<String, String>> bounds = Arbitraries.maps(
                        Arbitraries.of("initial-scale", "min-scale", "max-scale", "max-scale-limit"),
                        Arbitraries.of("0", "1", "2", "5", "6", "8", "10"))
                .ofMaxSize(4);
        Arbitrary<Map<String, String>> switches = Arbitraries.maps(
                        Arbitraries.of("allow-zero-initial-scale", "enable-scale-to-zero"),
                        Arbitraries.of("true", "false"))
                .ofMaxSize(2);
        Arbitrary<String> classes = Arbitraries.of("kpa.autoscaling.knative.dev", "hpa.autoscaling.knative.dev");
        return Combinators.combine(bounds, switches, classes)
                .as((numbers, flags, autoscaler) -> {
                    Map<String, String> data = new HashMap<>(numbers);
                    data.putAll(flags);
                    data.put("pod-autoscaler-class", autoscaler);
                    return data;
                })
                .filter(data -> accepted(KnativeConfig.DEFAULTS, KnativeConfig.CONFIG_AUTOSCALER, data)
                        .isPresent());
    }

    private static Arbitrary<Map<String, String>> defaults() {
        Arbitrary<Map<String, String>> timeouts = Arbitraries.maps(
                        Arbitraries.of(
                                "revision-timeout-seconds",
                                "max-revision-timeout-seconds",
                                "revision-response-start-timeout-seconds",
                                "revision-idle-timeout-seconds"),
                        Arbitraries.of("0", "20", "60", "100", "300", "600", "900"))
                .ofMaxSize(4);
        Arbitrary<Map<String, String>> concurrency = Arbitraries.maps(
                        Arbitraries.of("container-concurrency", "container-concurrency-max-limit"),
                        Arbitraries.of("0", "1", "5", "10", "100"))
                .ofMaxSize(2);
        Arbitrary<String> zero = Arbitraries.of("true", "true", "false");
        return Combinators.combine(timeouts, concurrency, zero, defaultResources())
                .as((seconds, requests, allowed, quantities) -> {
                    Map<String, String> data = new HashMap<>(seconds);
                    data.putAll(requests);
                    data.put("allow-container-concurrency-zero", allowed);
                    data.putAll(quantities);
                    return data;
                })
                // A default timeout of 0 cannot be written out, so nothing holds it: the golden case has it, not this.
                .filter(data -> !"0".equals(data.get("revision-timeout-seconds")))
                .filter(data -> accepted(KnativeConfig.DEFAULTS, KnativeConfig.CONFIG_DEFAULTS, data)
                        .isPresent());
    }

    private static Arbitrary<Map<String, String>> defaultResources() {
        Arbitrary<String> keys = Arbitraries.of(
                "revision-cpu-request",
                "revision-cpu-limit",
                "revision-memory-request",
                "revision-memory-limit",
                "revision-ephemeral-storage-request",
                "revision-ephemeral-storage-limit");
        Arbitrary<String> quantities =
                Arbitraries.of("1000m", "0.5", "400m", "1.5Gi", "1024Mi", "500M", "0.1Mi", "2", "1000");
        return Arbitraries.maps(keys, quantities).ofMaxSize(6);
    }

    private static Arbitrary<Map<String, String>> features() {
        return Arbitraries.maps(
                        Arbitraries.of(
                                FeaturesConfig.MULTI_CONTAINER,
                                FeaturesConfig.MULTI_CONTAINER_PROBING,
                                FeaturesConfig.INIT_CONTAINERS,
                                FeaturesConfig.PERSISTENT_VOLUME_CLAIM,
                                FeaturesConfig.NODE_SELECTOR),
                        Arbitraries.of("Enabled", "Allowed", "Disabled"))
                .ofMaxSize(5);
    }

    private static Optional<KnativeConfig> accepted(KnativeConfig config, String name, Map<String, String> data) {
        try {
            return Optional.of(config.withConfigMap(name, data));
        } catch (ConfigMapProblem refused) {
            return Optional.empty();
        }
    }
}
