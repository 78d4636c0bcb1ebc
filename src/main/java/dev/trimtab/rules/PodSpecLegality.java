package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionDefaults.CONCURRENCY;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;
import static dev.trimtab.rules.RevisionDefaults.number;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Legality.Illegal;
import java.util.Map;

/**
 * The numbers of a stored pod spec that {@code config-defaults} has made illegal since. Only our own fills move:
 * Knative would refuse the author's own number without Trimtab too. Of the three timeouts Knative checks only the one
 * for the whole request.
 */
final class PodSpecLegality {

    private PodSpecLegality() {}

    static void check(KnativeService service, DefaultsConfig cluster, Map<JsonPointer, Illegal> illegal) {
        // Under an unchanged revision name of the author Knative refuses every other template.
        if (!service.revisionName().isEmpty()) {
            return;
        }
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
            String because =
                    "stored containerConcurrency 0 changed to %d: the cluster no longer allows zero".formatted(nearest);
            illegal.put(CONCURRENCY, new Illegal("concurrency", number(nearest), because, true));
        }
    }
}
