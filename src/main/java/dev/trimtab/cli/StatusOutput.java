package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.GpuCount;
import dev.trimtab.lifecycle.HeldPod;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.StoppedService;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Stopped services, for people and for programs. */
final class StatusOutput {
    private final PrintWriter out;
    private final List<StoppedService> stopped;

    StatusOutput(PrintWriter out, List<StoppedService> stopped) {
        this.out = out;
        this.stopped = stopped;
    }

    void table(String where) {
        if (stopped.isEmpty()) {
            out.println("Nothing is stopped " + where + ".");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAMESPACE", "KIND", "NAME", "STOPPED SINCE", "HOLDS", "BLOCKED BY"));
        for (StoppedService it : stopped) {
            rows.add(List.of(
                    it.service().namespace(),
                    it.kind().kindName(),
                    it.service().name(),
                    it.since().map(Instant::toString).orElse("-"),
                    holds(it),
                    it.blocks().isEmpty() ? "-" : String.join("; ", it.blocks())));
        }
        print(rows);
        out.println();
        HeldPods held = held();
        long released = released();
        out.println("%d stopped: %d released%s"
                .formatted(stopped.size(), released, held.isEmpty() ? "" : "; " + held + " still held"));
    }

    private static String holds(StoppedService it) {
        return it.isReleased()
                ? "released"
                : it.held().isEmpty() ? "unknown" : it.held().toString();
    }

    private void print(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - cell.length() + 3));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    void json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        var services = root.putArray("services");
        for (StoppedService it : stopped) {
            ObjectNode service = services.addObject()
                    .put("kind", it.kind().kindName())
                    .put("namespace", it.service().namespace())
                    .put("name", it.service().name())
                    .put("since", it.since().map(Instant::toString).orElse(null))
                    .put("released", it.isReleased());
            var pods = service.putArray("pods");
            it.held().pods().forEach(pod -> put(pods.addObject(), pod));
            put(service.putObject("gpusHeld"), it.held().gpus());
            var blocks = service.putArray("blockedBy");
            it.blocks().forEach(blocks::add);
        }
        ObjectNode summary =
                root.putObject("summary").put("stopped", stopped.size()).put("released", released());
        put(summary.putObject("gpusHeld"), held().gpus());
        out.println(JsonOutput.text(root));
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
        return stopped.stream().filter(StoppedService::isReleased).count();
    }

    private HeldPods held() {
        return new HeldPods(
                stopped.stream().flatMap(it -> it.held().pods().stream()).toList());
    }
}
