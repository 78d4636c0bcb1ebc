package dev.trimtab.stability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.FeaturesConfig;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import dev.trimtab.policy.GpuDialect;
import dev.trimtab.policy.Handler;
import dev.trimtab.policy.InitialScaleDefault;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.policy.InitialScaleWrite;
import dev.trimtab.policy.Match;
import dev.trimtab.policy.MaxScaleWhenUnset;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Overrides;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Probes;
import dev.trimtab.policy.Profile;
import dev.trimtab.policy.Scaling;
import dev.trimtab.policy.Serving;
import dev.trimtab.policy.Window;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
import dev.trimtab.rules.Dataset;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                promises.put(Dataset.ANNOTATION, dataset);
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
                        images, Arbitraries.of(true, false), annotations, Arbitraries.of(true, false), resources())
                .as((image, byKServe, map, defaulted, resources) -> {
                    ObjectNode service = byKServe ? Services.rendered(image) : Services.handWritten(image);
                    Services.withResources(service, resources);
                    map.properties()
                            .forEach(
                                    it -> Pointers.set(service, KnativeService.annotation(it.getKey()), it.getValue()));
                    return defaulted ? KnativeDefaulting.apply(service, null, KnativeConfig.DEFAULTS) : service;
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
                        Arbitraries.of(ClusterFacts.NONE, ClusterFacts.NONE.withProgressiveRollout(true)))
                .as((policy, autoscaler, flags, cluster) -> new Settings(
                        policy,
                        KnativeConfig.DEFAULTS.withAutoscaler(autoscaler).withFeatures(flags),
                        cluster));
    }

    private static Arbitrary<Policy> policies() {
        Arbitrary<Scaling> scaling = Combinators.combine(
                        Arbitraries.of(MaxScaleWhenUnset.class),
                        Arbitraries.of(InitialScaleDefault.class),
                        Arbitraries.of(InitialScaleWrite.class))
                .as((max, initial, write) ->
                        new Scaling(max, initial, write, InitialScaleOnUpdate.KEEP, new BigDecimal("1.2")));
        return Combinators.combine(
                        Arbitraries.of(Mode.ENFORCE, Mode.ENFORCE, Mode.ENFORCE, Mode.AUDIT),
                        Arbitraries.of(Conflicts.CLAMP, Conflicts.CLAMP, Conflicts.WARN, Conflicts.DENY),
                        scaling,
                        Arbitraries.of("1", "1.2", "3").map(BigDecimal::new),
                        servings(),
                        Arbitraries.of(GpuDialect.class))
                .as((mode, conflicts, values, factor, serving, dialect) -> new Policy(
                        mode,
                        conflicts,
                        values,
                        factor,
                        dialect,
                        true,
                        false,
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

    private static Arbitrary<AutoscalerConfig> configurations() {
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
                .filter(data -> parse(data) != null)
                .map(Generated::parse);
    }

    private static AutoscalerConfig parse(Map<String, String> data) {
        try {
            return AutoscalerConfig.parse(data);
        } catch (ConfigMapProblem refused) {
            return null;
        }
    }
}
