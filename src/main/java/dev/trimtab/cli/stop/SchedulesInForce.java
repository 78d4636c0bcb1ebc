package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.Phase;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The ServingSchedules of the namespace that act on services: neither suspended nor on trial. Read when first asked
 * for, so a verb that needs none works without the right to read them.
 */
final class SchedulesInForce {
    private final LiveCluster cluster;
    private Optional<Read> read = Optional.empty();

    SchedulesInForce(LiveCluster cluster) {
        this.cluster = cluster;
    }

    /** @param unread why nothing is known of schedules; empty if the cluster has said what there is */
    private record Read(JsonNode items, String unread) {}

    /** The name of the first schedule, by name, that selects a service. */
    Optional<String> selecting(Manifest service) throws ApiProblem {
        return find(service).map(SchedulesInForce::name);
    }

    /** As {@link #selecting}, of a schedule that now wants its services down. */
    Optional<String> downNow(Manifest service) throws ApiProblem {
        return find(service)
                .filter(it -> it.at("/status/phase").asText("").equals(Phase.DOWN.term()))
                .map(SchedulesInForce::name);
    }

    /** Why it is not known which schedules there are; empty if it is known. */
    String unread() throws ApiProblem {
        return read().unread();
    }

    private Optional<JsonNode> find(Manifest service) throws ApiProblem {
        return StreamSupport.stream(read().items().spliterator(), false)
                .filter(it -> !it.at("/spec/suspend").asBoolean()
                        && !it.at("/spec/dryRun").asBoolean())
                .filter(it -> selects(it.at("/spec/selector"), service.labels()))
                .min((one, other) -> name(one).compareTo(name(other)));
    }

    private Read read() throws ApiProblem {
        if (read.isEmpty()) {
            read = Optional.of(list());
        }
        return read.get();
    }

    private Read list() throws ApiProblem {
        ResourceKind kind = ResourceKind.SERVING_SCHEDULE;
        String path =
                "/apis/" + kind.apiVersion() + LiveCluster.in(Optional.of(cluster.namespace())) + "/" + kind.plural();
        try {
            // Without the CRD there is no schedule.
            return new Read(cluster.get(kind.plural(), path).path("items"), "");
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            return new Read(MissingNode.getInstance(), problem.getMessage());
        }
    }

    private static String name(JsonNode schedule) {
        return schedule.at("/metadata/name").asText("");
    }

    /** As the API server reads a label selector (apimachinery, pkg/labels/selector.go). */
    private static boolean selects(JsonNode selector, Map<String, String> labels) {
        boolean all = selector.path("matchLabels").properties().stream()
                .allMatch(it -> it.getValue().asText().equals(labels.get(it.getKey())));
        return all
                && StreamSupport.stream(selector.path("matchExpressions").spliterator(), false)
                        .allMatch(it -> matches(it, labels.get(it.path("key").asText(""))));
    }

    private static boolean matches(JsonNode expression, String value) {
        boolean among = StreamSupport.stream(expression.path("values").spliterator(), false)
                .anyMatch(it -> it.asText().equals(value));
        return switch (expression.path("operator").asText("")) {
            case "In" -> among;
            case "NotIn" -> !among;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
