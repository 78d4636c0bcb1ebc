package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.live.LeaveScan.Held;
import dev.trimtab.cli.live.LeaveScan.Seen;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Table;
import dev.trimtab.cli.print.Table.Cells;
import dev.trimtab.drift.LeavePlan;
import dev.trimtab.drift.LeavePlan.Outcome;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

final class LeaveReport {
    /** More fields would hide the rest of the line. JSON has all of them. */
    private static final int FIELDS = 3;

    private final PrintWriter out;

    LeaveReport(PrintWriter out) {
        this.out = out;
    }

    /** @param width of the terminal; empty for any */
    void plan(Seen seen, OptionalInt width) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("NAMESPACE", "KIND", "NAME", "WITHOUT TRIMTAB", "PODS", "GPUS", "CHANGES"));
        seen.departures().stream()
                .filter(it -> !it.is(Outcome.LEFT))
                .forEach(it -> lines.add(List.of(
                        it.key().namespace(),
                        it.key().kind().displayName(),
                        it.key().name(),
                        outcome(it),
                        it.pods() == 0 ? "-" : Integer.toString(it.pods()),
                        it.pods() == 0 ? "-" : Long.toString(it.gpuCount()),
                        it.taken().isEmpty() ? "-" : fields(it))));
        if (lines.size() > 1) {
            new Table(lines, List.of("KIND", "PODS", "CHANGES")).print(width, out);
            out.println();
        }
        seen.with(Outcome.BLOCKED).forEach(it -> out.println("%s cannot leave: %s".formatted(it.key(), it.because())));
        stopped(seen);
        summary(seen);
    }

    private static String outcome(LeavePlan departure) {
        return switch (departure.outcome()) {
            case ROLLS -> "rolls";
            case STAYS -> "stays";
            case BLOCKED -> "cannot leave";
            case STARTING -> "is starting";
            case LEFT -> "has left";
        };
    }

    static String fields(LeavePlan departure) {
        String fields = departure.taken().stream()
                .limit(FIELDS)
                .map(it ->
                        "%s %s -> %s".formatted(Cells.field(it.at()), Cells.cell(it.stored()), Cells.cell(it.after())))
                .collect(Collectors.joining(", "));
        int more = departure.taken().size() - FIELDS;
        return more > 0 ? fields + ", and %d more".formatted(more) : fields;
    }

    /** Prints what stopped services need, and which stay stopped without Trimtab. */
    void stopped(Seen seen) {
        for (Held it : seen.held()) {
            out.println(held(it));
        }
        for (ServiceRef it : seen.stopped()) {
            out.println("%s is stopped by KServe itself: it stays stopped, and starts without fills".formatted(it));
        }
    }

    private static String held(Held held) {
        Child child = held.child();
        String finalizer = ("kubectl -n %s patch %s.%s %s --type=json"
                        + " -p '[{\"op\": \"remove\", \"path\": \"/metadata/finalizers/%d\"}]'")
                .formatted(
                        child.namespace(),
                        child.kind().resource().plural(),
                        child.kind().resource().group(),
                        child.name(),
                        child.finalizers().indexOf(Child.FINALIZER));
        return held.service()
                .map(service ->
                        ("%s is stopped, and Trimtab holds %s: start it first (trimtab start %s -n %s%s). Or, when"
                                        + " Trimtab is deleted: %s; then KServe creates it again, and it runs")
                                .formatted(
                                        service,
                                        child,
                                        service.name(),
                                        service.namespace(),
                                        service.kind() == Stoppable.INFERENCE_SERVICE
                                                ? ""
                                                : " --kind " + service.kind(),
                                        finalizer))
                .orElse("Trimtab holds %s/%s, whose owner is gone. When Trimtab is deleted: %s"
                        .formatted(child.namespace(), child, finalizer));
    }

    private void summary(Seen seen) {
        List<LeavePlan> rolling = seen.with(Outcome.ROLLS);
        int left = seen.with(Outcome.LEFT).size();
        if (seen.departures().size() == left) {
            out.println(
                    "no object here has anything from Trimtab" + (left == 0 ? "" : "; %d have left".formatted(left)));
            return;
        }
        List<String> rest = new ArrayList<>();
        count(rest, seen, Outcome.STAYS, "only lose%s the record");
        count(rest, seen, Outcome.STARTING, "start%s still");
        count(rest, seen, Outcome.BLOCKED, "cannot leave");
        if (left > 0) {
            rest.add("%d left before".formatted(left));
        }
        out.println("%s, with %s and %s%s"
                .formatted(
                        rolling.size() == 1 ? "1 rolls" : rolling.size() + " roll",
                        Counted.of(rolling.stream().mapToLong(LeavePlan::pods).sum(), "new pod"),
                        Counted.gpus(
                                rolling.stream().mapToLong(LeavePlan::gpuCount).sum()),
                        rest.stream().map(it -> "; " + it).collect(Collectors.joining())));
    }

    private static void count(List<String> to, Seen seen, Outcome outcome, String what) {
        int number = seen.with(outcome).size();
        if (number > 0) {
            to.add(number + " " + what.formatted(number == 1 ? "s" : ""));
        }
    }

    /** The plan as JSON. Field names are stable. */
    static final class Json {
        private Json() {}

        static String of(Seen seen) {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            ArrayNode objects = root.putArray("objects");
            seen.departures().forEach(it -> put(it, objects.addObject()));
            ArrayNode held = root.putArray("held");
            seen.held().forEach(it -> {
                ObjectNode child = held.addObject()
                        .put("kind", it.child().kind().resource().kindName())
                        .put("namespace", it.child().namespace())
                        .put("name", it.child().name());
                it.service()
                        .ifPresentOrElse(
                                service -> put(service, child.putObject("stoppedService")),
                                () -> child.putNull("stoppedService"));
            });
            ArrayNode stopped = root.putArray("stopped");
            seen.stopped().forEach(it -> put(it, stopped.addObject()));
            ObjectNode summary =
                    root.putObject("summary").put("objects", seen.departures().size());
            for (Outcome outcome : Outcome.values()) {
                summary.put(text(outcome), seen.with(outcome).size());
            }
            List<LeavePlan> rolling = seen.with(Outcome.ROLLS);
            summary.put("pods", rolling.stream().mapToLong(LeavePlan::pods).sum())
                    .put("gpus", rolling.stream().mapToLong(LeavePlan::gpuCount).sum());
            put(rolling.stream().map(LeavePlan::gpus).reduce(GpuCount.NONE, GpuCount::plus), summary);
            return JsonText.text(root);
        }

        private static void put(LeavePlan departure, ObjectNode to) {
            JsonText.put(departure.key(), to);
            departure
                    .owner()
                    .ifPresentOrElse(
                            owner -> JsonText.put(owner, to.putObject("renderedFor")), () -> to.putNull("renderedFor"));
            to.put("outcome", text(departure.outcome()))
                    .put("because", departure.because().isEmpty() ? null : departure.because());
            ArrayNode fields = to.putArray("fields");
            departure.taken().forEach(it -> {
                ObjectNode field = fields.addObject().put("field", it.at().toString());
                field.set("stored", JsonText.orNull(it.stored()));
                field.set("after", JsonText.orNull(it.after()));
            });
            to.put("pods", departure.pods()).put("gpus", departure.gpuCount());
            put(departure.gpus(), to);
        }

        private static void put(GpuCount gpus, ObjectNode to) {
            gpus.byResource().forEach(to.putObject("gpusByResource")::put);
        }

        private static void put(ServiceRef ref, ObjectNode to) {
            to.put("kind", ref.kind().kindName())
                    .put("namespace", ref.namespace())
                    .put("name", ref.name());
        }

        private static String text(Outcome outcome) {
            return outcome.name().toLowerCase(Locale.ROOT);
        }
    }
}
