package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether somebody answers the API server, and whether all pods run one version. */
final class ReplicasCheck implements Check {
    @Override
    public String name() {
        return "replicas";
    }

    @Override
    public String about() {
        return "the Service has at least two ready replicas, the Deployment is rolled out, and all pods run one image";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>();
        endpoints(cluster, findings);
        deployment(cluster, findings);
        images(cluster, findings);
        return findings;
    }

    private static void endpoints(Observed cluster, List<Finding> findings) {
        String where = "Service %s/%s".formatted(cluster.places().trimtab(), Source.SERVICE);
        if (cluster.unread(Source.ENDPOINTS).isPresent()) {
            findings.add(
                    Finding.unchecked(where, cluster.unread(Source.ENDPOINTS).get()));
            return;
        }
        Set<String> ready = cluster.items(Source.ENDPOINTS).stream()
                .flatMap(it -> Observed.stream(it.path("endpoints")))
                .filter(it -> it.at("/conditions/ready").asBoolean(true))
                .map(it -> it.at("/addresses/0").asText())
                .collect(Collectors.toSet());
        String look = "kubectl -n %s get pods; kubectl -n %s describe deployment trimtab"
                .formatted(cluster.places().trimtab(), cluster.places().trimtab());
        switch (ready.size()) {
            case 0 ->
                findings.add(Finding.problem(
                        where,
                        "has no ready replica: new objects pass unfilled, and with the closed door KServe's updates of"
                                + " filled services are refused",
                        look));
            case 1 ->
                findings.add(Finding.warning(
                        where,
                        "has one ready replica: while it restarts, objects pass unfilled, and the closed door refuses KServe's"
                                + " updates of filled services",
                        look));
            default -> findings.add(Finding.fine(where, "has %d ready replicas".formatted(ready.size())));
        }
    }

    private static void deployment(Observed cluster, List<Finding> findings) {
        String where = "Deployment %s/trimtab".formatted(cluster.places().trimtab());
        JsonNode deployment = cluster.value(Source.WEBHOOK);
        if (cluster.unread(Source.WEBHOOK).isPresent()) {
            findings.add(Finding.unchecked(where, cluster.unread(Source.WEBHOOK).get()));
            return;
        }
        if (deployment.isMissingNode()) {
            findings.add(Finding.problem(where, "does not exist", WebhooksCheck.INSTALL));
            return;
        }
        int wanted = deployment.at("/spec/replicas").asInt(1);
        int updated = deployment.at("/status/updatedReplicas").asInt(0);
        if (updated < wanted) {
            findings.add(Finding.warning(
                    where,
                    "%d of %d replicas have its present template".formatted(updated, wanted),
                    "kubectl -n %s rollout status deployment/trimtab"
                            .formatted(cluster.places().trimtab())));
        }
    }

    private static void images(Observed cluster, List<Finding> findings) {
        String where = "pods of namespace " + cluster.places().trimtab();
        if (cluster.unread(Source.PODS).isPresent()) {
            findings.add(Finding.unchecked(where, cluster.unread(Source.PODS).get()));
            return;
        }
        Set<String> images = cluster.items(Source.PODS).stream()
                .filter(it -> it.at("/metadata/deletionTimestamp").isMissingNode())
                .map(it -> it.at("/spec/containers/0/image").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        if (images.size() > 1) {
            findings.add(Finding.warning(
                    where,
                    "run several images: %s: replicas of different versions may answer differently"
                            .formatted(String.join(", ", images)),
                    "end the rollout (docs/upgrade-and-removal.md)"));
        } else if (!images.isEmpty()) {
            findings.add(Finding.fine(where, "all run " + images.iterator().next()));
        }
    }
}
