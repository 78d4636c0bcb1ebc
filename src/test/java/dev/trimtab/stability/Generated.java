package dev.trimtab.stability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.Revisions;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import dev.trimtab.policy.GpuDialect;
import dev.trimtab.policy.InitialScaleDefault;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.policy.InitialScaleWrite;
import dev.trimtab.policy.Match;
import dev.trimtab.policy.MaxScaleWhenUnset;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Overrides;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Profile;
import dev.trimtab.policy.Scaling;
import dev.trimtab.policy.Serving;
import dev.trimtab.policy.Window;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
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
        return service(anyAnnotations());
    }

    /** What Knative mostly accepts. */
    static Arbitrary<ObjectNode> soundService() {
        return service(soundAnnotations());
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
        return Combinators.combine(told, metrics, windows).as((map, metric, window) -> {
            Map<String, String> promises = new HashMap<>(map);
            if (!metric.isEmpty()) {
                promises.put("autoscaling.knative.dev/metric", metric);
            }
            if (!window.isEmpty()) {
                promises.put("autoscaling.knative.dev/window", window);
            }
            return promises;
        });
    }

    private static Arbitrary<ObjectNode> service(Arbitrary<ObjectNode> annotations) {
        Arbitrary<String> images = Arbitraries.of("ghcr.io/example/llm:1", "ghcr.io/example/llm:2");
        return Combinators.combine(images, Arbitraries.of(true, false), annotations, Arbitraries.of(true, false))
                .as((image, byKServe, map, defaulted) -> {
                    ObjectNode service = byKServe ? Services.rendered(image) : Services.handWritten(image);
                    map.properties()
                            .forEach(
                                    it -> Pointers.set(service, KnativeService.annotation(it.getKey()), it.getValue()));
                    return defaulted ? KnativeDefaulting.apply(service, null, KnativeConfig.DEFAULTS) : service;
                });
    }

    /** Any policy with any configuration that Knative accepts. */
    static Arbitrary<Settings> settings() {
        return Combinators.combine(
                        policies(),
                        configurations(),
                        Arbitraries.of(ClusterFacts.NONE, ClusterFacts.NONE.withProgressiveRollout(true)))
                .as((policy, autoscaler, cluster) ->
                        new Settings(policy, KnativeConfig.DEFAULTS.withAutoscaler(autoscaler), cluster))
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
                        servings())
                .as((mode, conflicts, values, factor, serving) -> new Policy(
                        mode,
                        conflicts,
                        values,
                        factor,
                        GpuDialect.NONE,
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
                        Arbitraries.of(0, 60).optional(0.4))
                .as((startup, response, window, concurrency, metadata, rollout) -> new Serving(
                        startup,
                        response,
                        window,
                        concurrency,
                        Optional.empty(),
                        Serving.UNKNOWN.probes(),
                        metadata,
                        metadata,
                        rollout));
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
