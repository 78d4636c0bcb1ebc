package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.ClusterEvent;
import dev.trimtab.cli.LiveCluster.RefusedRevision;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Table;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.lifecycle.StoppedService;
import dev.trimtab.schedule.StopMark;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

final class StatusOutput {
    /** More names would hide the beginning of the line. */
    private static final int NAMED = 10;

    /** Place of its column. */
    private static final int STOPPED_BY = 4;

    private final PrintWriter out;
    private final List<StoppedRow> rows;
    private final List<StoppedService> stopped;
    private final List<Kept> kept;
    private final Optional<List<RefusedRevision>> revisions;

    /** @param revisions Revisions that Knative refuses to write; empty if unknown */
    StatusOutput(PrintWriter out, List<StoppedRow> rows, List<Kept> kept, Optional<List<RefusedRevision>> revisions) {
        this.out = out;
        this.rows = rows;
        this.kept = kept;
        this.stopped = rows.stream().map(StoppedRow::stopped).toList();
        this.revisions = revisions;
    }

    /** @param width of the terminal; empty for any */
    void table(String where, OptionalInt width) {
        if (stopped.isEmpty()) {
            out.println("Nothing is stopped " + where + ".");
        } else {
            services(width);
        }
        kept.forEach(out::println);
        revisions.filter(all -> !all.isEmpty()).ifPresent(all -> {
            String more = all.size() > NAMED ? ", ..." : "";
            String names = all.stream()
                    .limit(NAMED)
                    .map(RefusedRevision::toString)
                    .collect(Collectors.joining(", ", "", more));
            out.println("Revisions that Knative refuses to write: %d (%s)".formatted(all.size(), names));
        });
    }

    private void services(OptionalInt width) {
        boolean scheduled = stopped.stream().anyMatch(it -> mark(it).isPresent());
        List<List<String>> lines = new ArrayList<>();
        lines.add(cells(
                scheduled,
                "STOPPED BY",
                List.of("NAMESPACE", "KIND", "NAME", "STOPPED SINCE", "HOLDS", "RELEASED", "BLOCKED BY")));
        for (StoppedRow row : rows) {
            StoppedService it = row.stopped();
            lines.add(cells(
                    scheduled,
                    mark(it).map(mark -> "schedule " + mark.schedule()).orElse("hand"),
                    List.of(
                            it.service().namespace(),
                            it.kind().kindName(),
                            it.service().name(),
                            since(it).map(Instant::toString).orElse("-"),
                            holds(it),
                            released(row),
                            row.blocks().isEmpty() ? "-" : String.join("; ", row.blocks()))));
        }
        new Table(lines, List.of("STOPPED SINCE", "RELEASED", "KIND")).print(width, out);
        out.println();
        HeldPods held = held();
        GpuCount gpus = gpusReleased();
        out.println("%d stopped: %d released%s%s"
                .formatted(
                        stopped.size(),
                        released(),
                        gpus.isNone() ? "" : " (" + gpus + ")",
                        held.isEmpty() ? "" : "; " + held + " still held"));
    }

    /** With the column of who stopped it where a schedule has stopped any. */
    private static List<String> cells(boolean scheduled, String by, List<String> cells) {
        List<String> all = new ArrayList<>(cells);
        if (scheduled) {
            all.add(STOPPED_BY, by);
        }
        return all;
    }

    private static Optional<StopMark> mark(StoppedService it) {
        return StopMark.inForce(it.service());
    }

    /** As KServe says, or before that, as the schedule says. */
    private static Optional<Instant> since(StoppedService it) {
        return it.since().or(() -> mark(it).map(StopMark::since));
    }

    private static String holds(StoppedService it) {
        if (it.held().isEmpty()) {
            return StoppedService.isModelMesh(it.service()) ? "unknown" : "0 pods";
        }
        return it.held().toString();
    }

    /** Returns the GPUs that are free now. If their number is unknown: {@code yes} if released, else {@code -}. */
    private static String released(StoppedRow row) {
        return row.gpusReleased().map(GpuCount::toString).orElse(row.isReleased() ? "yes" : "-");
    }

    void json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        var services = root.putArray("services");
        for (StoppedRow row : rows) {
            StoppedService it = row.stopped();
            ObjectNode service = services.addObject()
                    .put("kind", it.kind().kindName())
                    .put("namespace", it.service().namespace())
                    .put("name", it.service().name())
                    .put("since", since(it).map(Instant::toString).orElse(null))
                    .put("released", row.isReleased());
            mark(it).ifPresentOrElse(
                            mark -> service.putObject("stoppedBy")
                                    .put("schedule", mark.schedule())
                                    .put("since", mark.since().toString()),
                            () -> service.putNull("stoppedBy"));
            var pods = service.putArray("pods");
            it.held().pods().forEach(pod -> put(pods.addObject(), pod));
            put(service.putObject("gpusHeld"), it.held().gpus());
            row.gpusReleased()
                    .ifPresentOrElse(
                            gpus -> put(service.putObject("gpusReleased"), gpus),
                            () -> service.putNull("gpusReleased"));
            var blocks = service.putArray("blockedBy");
            row.blocks().forEach(blocks::add);
        }
        var keeps = root.putArray("kept");
        kept.forEach(it -> keeps.addObject()
                .put("kind", it.ref().kind().kindName())
                .put("namespace", it.ref().namespace())
                .put("name", it.ref().name())
                .put("keep", it.word())
                .put("until", it.keep().until().map(Instant::toString).orElse(null)));
        ObjectNode summary =
                root.putObject("summary").put("stopped", stopped.size()).put("released", released());
        put(summary.putObject("gpusHeld"), held().gpus());
        put(summary.putObject("gpusReleased"), gpusReleased());
        revisions.ifPresentOrElse(
                all -> {
                    var refused = root.putArray("revisionsRefused");
                    all.forEach(it ->
                            refused.addObject().put("namespace", it.namespace()).put("name", it.name()));
                },
                () -> root.putNull("revisionsRefused"));
        out.println(JsonText.text(root));
    }

    private static void put(ObjectNode to, HeldPod pod) {
        to.put("name", pod.name())
                .put("node", pod.node().isEmpty() ? null : pod.node())
                .put("terminating", pod.terminating())
                .put("since", pod.since().map(Instant::toString).orElse(null));
    }

    private static void put(ObjectNode to, GpuCount gpus) {
        gpus.byResource().forEach(to::put);
    }

    private long released() {
        return rows.stream().filter(StoppedRow::isReleased).count();
    }

    private GpuCount gpusReleased() {
        return rows.stream().flatMap(row -> row.gpusReleased().stream()).reduce(GpuCount.NONE, GpuCount::plus);
    }

    private HeldPods held() {
        return new HeldPods(
                stopped.stream().flatMap(it -> it.held().pods().stream()).toList());
    }

    /**
     * @param isReleased whether nothing is left of the service, by its status or by the controller
     * @param gpusReleased GPUs that the service held before and that are free now; empty if not released or not counted
     * @param blocks reasons why the service is not stopped or not released
     */
    record StoppedRow(
            StoppedService stopped, boolean isReleased, Optional<GpuCount> gpusReleased, List<String> blocks) {
        private static final String RELEASED = "Released";
        private static final Set<String> BLOCKED = Set.of("StopBlocked", "NotSupported");

        static StoppedRow of(StoppedService stopped, List<ClusterEvent> news) {
            String uid = stopped.service().metadata().path("uid").asText("");
            List<ClusterEvent> ofThisStop =
                    ofThisStop(news.stream().filter(it -> it.uid().equals(uid)).toList());
            Optional<ClusterEvent> released = last(ofThisStop, Set.of(RELEASED));
            Optional<ClusterEvent> blocked = last(ofThisStop, BLOCKED)
                    .filter(it -> released.isEmpty()
                            || it.when().isAfter(released.get().when()));
            boolean holds = !stopped.held().isEmpty() || StoppedService.isModelMesh(stopped.service());
            boolean isReleased = !holds && (stopped.isReleased() || released.isPresent());
            return new StoppedRow(
                    stopped,
                    isReleased,
                    released.filter(it -> isReleased).flatMap(it -> EventAnnotations.gpus(it.gpus())),
                    blocks(stopped.blocks(), blocked.map(ClusterEvent::message).orElse("")));
        }

        /**
         * Drops the Events of earlier stops, by the times that the controller noted. The time in managedFields does not
         * help: it moves on with each later write of the same client.
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
            return news.stream()
                    .filter(it -> reasons.contains(it.reason()))
                    .max(Comparator.comparing(ClusterEvent::when));
        }

        /** Adds the text of the controller's Event, except parts about KServe's own steps: those may be outdated. */
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
}
