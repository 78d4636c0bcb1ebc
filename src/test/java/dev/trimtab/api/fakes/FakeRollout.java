package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** KServe's reconcile of the InferenceServices in a namespace, and what it says of them. */
public final class FakeRollout {
    private static final long PAUSE_MILLIS = 200;

    private final Cluster cluster;
    private final String namespace;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();

    public FakeRollout(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        var unused = rounds.scheduleWithFixedDelay(this::round, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            for (ObjectNode service : cluster.api.list(Api.Kind.INFERENCE_SERVICE, namespace)) {
                boolean standard = service.at("/metadata/annotations/serving.kserve.io~1deploymentMode")
                        .asText()
                        .equals("Standard");
                if (!standard) {
                    String name = service.at("/metadata/name").asText();
                    cluster.kserve.reconcile(Api.Kind.INFERENCE_SERVICE, namespace, name);
                }
                kserve(service);
            }
        } catch (RuntimeException overtaken) {
            // Somebody else wrote in between: the next round reads anew.
        }
    }

    private void kserve(ObjectNode service) {
        int generation = Models.generation(service);
        if (service.at("/status/observedGeneration").asInt() != generation) {
            ObjectNode status = service.putObject("status").put("observedGeneration", generation);
            status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
            cluster.api.updateStatus(Api.Kind.INFERENCE_SERVICE, service);
        }
    }

    public void close() {
        rounds.shutdown();
        try {
            if (!rounds.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a round does not end");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
