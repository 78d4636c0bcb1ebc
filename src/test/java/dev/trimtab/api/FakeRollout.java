package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.Api.Kind.KNATIVE_SERVICE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * KServe's reconcile, and whoever brings up what is written: each generation of a Service or Deployment is ready a moment
 * later, but for those named {@code stuck}.
 */
final class FakeRollout {
    private static final long PAUSE_MILLIS = 200;

    private final Cluster cluster;
    private final String namespace;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();

    FakeRollout(Cluster cluster, String namespace) {
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
            cluster.api.list(KNATIVE_SERVICE, namespace).forEach(this::knative);
            cluster.api.list(DEPLOYMENT, namespace).forEach(this::kubernetes);
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

    private void knative(ObjectNode service) {
        int generation = Models.generation(service);
        String name = service.at("/metadata/name").asText();
        if (service.at("/status/observedGeneration").asInt() == generation) {
            return;
        }
        String revision = "%s-%05d".formatted(name, generation);
        boolean stuck = name.equals("stuck") && generation > 1;
        ObjectNode status = service.putObject("status")
                .put("observedGeneration", generation)
                .put("latestCreatedRevisionName", revision)
                .put("latestReadyRevisionName", stuck ? name + "-00001" : revision);
        ObjectNode ready =
                status.putArray("conditions").addObject().put("type", "Ready").put("status", stuck ? "False" : "True");
        if (stuck) {
            ready.put("reason", "RevisionFailed")
                    .put("message", "0/3 nodes are available: Insufficient nvidia.com/gpu");
        }
        cluster.api.updateStatus(KNATIVE_SERVICE, service);
    }

    private void kubernetes(ObjectNode deployment) {
        int generation = Models.generation(deployment);
        if (deployment.at("/status/observedGeneration").asInt() != generation) {
            int replicas = deployment.at("/spec/replicas").asInt(1);
            deployment
                    .putObject("status")
                    .put("observedGeneration", generation)
                    .put("replicas", replicas)
                    .put("updatedReplicas", replicas)
                    .put("availableReplicas", replicas)
                    .put("readyReplicas", replicas);
            cluster.api.updateStatus(DEPLOYMENT, deployment);
        }
    }

    void close() {
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
