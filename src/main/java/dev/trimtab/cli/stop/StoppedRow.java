package dev.trimtab.cli.stop;

import dev.trimtab.cli.ClusterEvent;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.StoppedService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stopped service, and what Trimtab's controller has said of this stop.
 *
 * @param isReleased whether nothing of it is left: its status says so, or the controller has
 * @param gpusReleased what it held before, and is free; empty where nobody has said so, or it holds something
 * @param blocks what keeps it from being stopped or released
 */
record StoppedRow(StoppedService stopped, boolean isReleased, Optional<GpuCount> gpusReleased, List<String> blocks) {
    private static final String RELEASED = "Released";
    private static final Set<String> BLOCKED = Set.of("StopBlocked", "NotSupported");

    /** @param news Events of Trimtab's controller, of this service and of others */
    static StoppedRow of(StoppedService stopped, List<ClusterEvent> news) {
        String uid = stopped.service().metadata().path("uid").asText("");
        List<ClusterEvent> ofThisStop =
                ofThisStop(news.stream().filter(it -> it.uid().equals(uid)).toList());
        Optional<ClusterEvent> released = last(ofThisStop, Set.of(RELEASED));
        Optional<ClusterEvent> blocked = last(ofThisStop, BLOCKED)
                .filter(it ->
                        released.isEmpty() || it.when().isAfter(released.get().when()));
        boolean holds = !stopped.held().isEmpty() || StoppedService.isModelMesh(stopped.service());
        boolean isReleased = !holds && (stopped.isReleased() || released.isPresent());
        return new StoppedRow(
                stopped,
                isReleased,
                released.filter(it -> isReleased).flatMap(it -> EventAnnotations.gpus(it.gpus())),
                blocks(stopped.blocks(), blocked.map(ClusterEvent::message).orElse("")));
    }

    /**
     * What was said of an earlier stop says nothing of this one. By what the controller saw, and not by the API server's note
     * on who wrote the annotation: that moves on with whatever the same hand writes later.
     */
    private static List<ClusterEvent> ofThisStop(List<ClusterEvent> ofService) {
        Optional<Instant> start = lastMoment(ofService, "Starting");
        Optional<Instant> stop = lastMoment(ofService, "Stopping");
        return ofService.stream()
                .filter(it -> start.isEmpty() || it.moment().isAfter(start.get()))
                .filter(it -> stop.isEmpty() || !it.moment().isBefore(stop.get()))
                .toList();
    }

    private static Optional<Instant> lastMoment(List<ClusterEvent> news, String reason) {
        return news.stream()
                .filter(it -> it.reason().equals(reason))
                .map(ClusterEvent::moment)
                .max(Comparator.naturalOrder());
    }

    private static Optional<ClusterEvent> last(List<ClusterEvent> news, Set<String> reasons) {
        return news.stream().filter(it -> reasons.contains(it.reason())).max(Comparator.comparing(ClusterEvent::when));
    }

    /** What KServe has not done yet is seen in its status now; what was said of that may be over. */
    private static List<String> blocks(List<String> now, String said) {
        List<String> blocks = new ArrayList<>(now);
        for (String part : said.split("; ", -1)) {
            boolean known = part.isEmpty()
                    || part.startsWith(StoppedService.NOT_SAID)
                    || blocks.stream().anyMatch(part::startsWith);
            if (!known) {
                blocks.add(part);
            }
        }
        return List.copyOf(blocks);
    }
}
