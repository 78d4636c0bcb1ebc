package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.INITIAL_SCALE;
import static dev.trimtab.manifest.ScaleAnnotation.MAX_SCALE;
import static dev.trimtab.rules.RevisionDefaults.CONCURRENCY;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;
import static dev.trimtab.rules.RevisionDefaults.number;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Legality.Illegal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The values of a stored template that the cluster has made illegal since: Knative refuses every write of the template,
 * so each reconcile of KServe would fail.
 */
public final class Legality {
    private Legality() {}

    /**
     * One illegal value.
     *
     * @param nearest the nearest value that Knative accepts; missing if min-scale and activation-scale leave none
     * @param onlyOurs whether an author's own value stays, for Knative to refuse
     */
    public record Illegal(String rule, JsonNode nearest, String because, boolean onlyOurs) {}

    /** By pointer into the document; empty for a Deployment, which Knative never sees. */
    public static Map<JsonPointer, Illegal> of(ObjectNode workload, KnativeConfig cluster) {
        Map<JsonPointer, Illegal> illegal = new LinkedHashMap<>();
        if (new Manifest(workload).kind() != Kind.DEPLOYMENT) {
            scale(workload, cluster.autoscaler(), illegal);
            PodSpecLegality.check(new KnativeService(workload), cluster.defaults(), illegal);
        }
        return illegal;
    }

    private static void scale(ObjectNode service, AutoscalerConfig cluster, Map<JsonPointer, Illegal> illegal) {
        Annotations annotations = new KnativeService(service).templateAnnotations();
        ofScale(annotations, cluster)
                .forEach((key, it) -> illegal.put(
                        KnativeService.annotation(annotations.spelling(key).orElse(key.key())), it));
    }

    /** Of a template's annotations, or a Revision's own. */
    public static Map<ScaleAnnotation, Illegal> ofScale(Annotations annotations, AutoscalerConfig cluster) {
        Map<ScaleAnnotation, Illegal> illegal = new LinkedHashMap<>();
        Scale scale = new Scale(annotations, cluster);
        int limit = cluster.maxScaleLimit();
        scale.written(MAX_SCALE).ifPresent(max -> {
            int legal = MaxScaleRule.legal(max, scale, limit);
            if (legal != max) {
                String because = "stored max-scale %d changed to %d: the cluster has a max-scale-limit now"
                        .formatted(max, legal);
                illegal.put(MAX_SCALE, illegal("max-scale", legal, because));
            } else if (limit > 0 && (max == 0 || max > limit)) {
                String because = "stored max-scale %d left out: the cluster's limit %d is below the %d pods asked for"
                        .formatted(max, limit, scale.lowestMax());
                illegal.put(MAX_SCALE, new Illegal("max-scale", MissingNode.getInstance(), because, false));
            }
        });
        if (!cluster.allowZeroInitialScale() && initial(annotations).orElse(1) == 0) {
            String because = "stored initial-scale 0 changed to 1: the cluster no longer allows zero";
            illegal.put(INITIAL_SCALE, illegal("initial-scale", 1, because));
        }
        return illegal;
    }

    /**
     * If max-scale moves, an initial-scale above it moves too. Otherwise more pods would start than may run.
     *
     * @param illegal the values that move
     */
    public static Optional<Map.Entry<JsonPointer, Illegal>> movesAlong(
            ObjectNode workload, Map<JsonPointer, Illegal> illegal) {
        Annotations annotations = new KnativeService(workload).templateAnnotations();
        Optional<JsonPointer> max = annotations.spelling(MAX_SCALE).map(KnativeService::annotation);
        Optional<JsonPointer> at = annotations.spelling(INITIAL_SCALE).map(KnativeService::annotation);
        if (max.map(illegal::get).isEmpty() || at.isEmpty() || illegal.containsKey(at.get())) {
            return Optional.empty();
        }
        long bound = illegal.get(max.get()).nearest().asLong();
        OptionalLong initial = initial(annotations);
        if (bound <= 0 || initial.isEmpty() || initial.getAsLong() <= bound) {
            return Optional.empty();
        }
        String because = "stored initial-scale %d changed to %d: max-scale is %d now"
                .formatted(initial.getAsLong(), bound, bound);
        return Optional.of(Map.entry(at.get(), illegal("initial-scale", (int) bound, because)));
    }

    private static OptionalLong initial(Annotations annotations) {
        return annotations
                .value(INITIAL_SCALE)
                .filter(JsonNode::isTextual)
                .map(value -> GoParsing.int64(value.textValue()))
                .orElse(OptionalLong.empty());
    }

    private static Illegal illegal(String rule, int nearest, String because) {
        return new Illegal(rule, TextNode.valueOf(Integer.toString(nearest)), because, false);
    }

    /**
     * The numbers of a stored pod spec that {@code config-defaults} has made illegal since. Only our own fills move.
     * Knative checks only the timeout of the whole request.
     */
    static final class PodSpecLegality {

        private PodSpecLegality() {}

        static void check(KnativeService service, DefaultsConfig cluster, Map<JsonPointer, Illegal> illegal) {
            timeout(service.root().at(TIMEOUT), cluster, illegal);
            concurrency(service.root().at(CONCURRENCY), cluster, illegal);
        }

        private static void timeout(JsonNode stored, DefaultsConfig cluster, Map<JsonPointer, Illegal> illegal) {
            long most = cluster.maxRevisionTimeoutSeconds();
            if (stored.isIntegralNumber() && stored.longValue() > most) {
                String because = "stored timeoutSeconds %s changed to %d: the cluster's limit is lower now"
                        .formatted(stored.asText(), most);
                illegal.put(TIMEOUT, new Illegal("timeout", number(most), because, true));
            }
        }

        private static void concurrency(JsonNode stored, DefaultsConfig cluster, Map<JsonPointer, Illegal> illegal) {
            if (!stored.isIntegralNumber()) {
                return;
            }
            long most = cluster.containerConcurrencyMaxLimit();
            if (stored.longValue() > most) {
                String because = "stored containerConcurrency %s changed to %d: the cluster's limit is lower now"
                        .formatted(stored.asText(), most);
                illegal.put(CONCURRENCY, new Illegal("concurrency", number(most), because, true));
            } else if (stored.longValue() == 0 && !cluster.allowContainerConcurrencyZero()) {
                // A cluster may forbid 0 and still have 0 as its default. The nearest legal number is then the highest.
                long nearest = cluster.containerConcurrency() > 0 ? cluster.containerConcurrency() : most;
                String because = "stored containerConcurrency 0 changed to %d: the cluster no longer allows zero"
                        .formatted(nearest);
                illegal.put(CONCURRENCY, new Illegal("concurrency", number(nearest), because, true));
            }
        }
    }
}
