package dev.trimtab.cli.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

final class ScheduleTable {
    private final PrintWriter out;
    private final List<ScheduleRow> rows;

    ScheduleTable(PrintWriter out, List<ScheduleRow> rows) {
        this.out = out;
        this.rows = rows;
    }

    /** @param width of the terminal; empty for any */
    void table(String where, OptionalInt width) {
        if (rows.isEmpty()) {
            out.println("No schedule " + where + ".");
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "NAMESPACE", "NAME", "PHASE", "NEXT", "UP", "DOWN", "STARTING", "RELEASED", "GPU-HOURS", "STATE"));
        for (ScheduleRow row : rows) {
            lines.add(List.of(
                    row.namespace(),
                    row.name(),
                    row.phase(),
                    row.next(),
                    row.text("servicesUp"),
                    row.text("servicesDown"),
                    row.starting(),
                    row.text("gpusReleased"),
                    row.text("gpuHoursReleased"),
                    row.state()));
        }
        new Table(lines, List.of("GPU-HOURS", "STARTING", "RELEASED")).print(width, out);
        rows.stream().flatMap(it -> it.startingServices().stream()).forEach(out::println);
    }

    void json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode schedules = root.putArray("schedules");
        rows.forEach(it -> it.writeTo(schedules.addObject()));
        out.println(JsonText.text(root));
    }
}
