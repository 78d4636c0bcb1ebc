package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.Phase;
import dev.trimtab.schedule.ServingSchedule;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The ServingSchedules of the namespace that act on services: valid, neither suspended nor on trial. Read when first asked
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
                .filter(it -> acts(it, service))
                .min((one, other) -> name(one).compareTo(name(other)));
    }

    private static boolean acts(JsonNode schedule, Manifest service) {
        return schedule instanceof ObjectNode object
                && ServingSchedule.read(new Manifest(object)) instanceof ServingSchedule.Valid it
                && !it.schedule().suspend()
                && !it.schedule().dryRun()
                && it.schedule().kinds().stream()
                        .anyMatch(kind -> kind.kindName().equals(service.kindName()))
                && it.schedule().selector().matches(service.labels());
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
}
