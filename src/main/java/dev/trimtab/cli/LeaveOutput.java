package dev.trimtab.cli;

import dev.trimtab.cli.LeaveScan.Held;
import dev.trimtab.cli.LeaveScan.Seen;
import dev.trimtab.drift.Departure;
import dev.trimtab.drift.Departure.Outcome;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What becomes of a cluster's services once Trimtab is gone, for people. */
final class LeaveOutput {
    /** More fields would hide the rest of a line; JSON has them all. */
    private static final int FIELDS = 3;

    private final PrintWriter out;

    LeaveOutput(PrintWriter out) {
        this.out = out;
    }

    void plan(Seen seen) {
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
                        it.pods() == 0 ? "-" : Long.toString(it.cards()),
                        it.taken().isEmpty() ? "-" : fields(it))));
        if (lines.size() > 1) {
            Table.print(lines, out);
            out.println();
        }
        seen.with(Outcome.BLOCKED).forEach(it -> out.println("%s cannot leave: %s".formatted(it.key(), it.because())));
        stopped(seen);
        summary(seen);
    }

    private static String outcome(Departure departure) {
        return switch (departure.outcome()) {
            case ROLLS -> "rolls";
            case STAYS -> "stays";
            case BLOCKED -> "cannot leave";
            case STARTING -> "is starting";
            case LEFT -> "has left";
        };
    }

    /** Which fields change, and how. */
    static String fields(Departure departure) {
        String fields = departure.taken().stream()
                .limit(FIELDS)
                .map(it -> "%s %s -> %s"
                        .formatted(Values.field(it.at()), Values.cell(it.stored()), Values.cell(it.after())))
                .collect(Collectors.joining(", "));
        int more = departure.taken().size() - FIELDS;
        return more > 0 ? fields + ", and %d more".formatted(more) : fields;
    }

    /** What a stop needs, and which stops outlive Trimtab. */
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
                        child.kind().plural(),
                        child.kind().group(),
                        child.name(),
                        child.finalizers().indexOf(Child.FINALIZER));
        return held.service()
                .map(service ->
                        ("%s is stopped, and Trimtab holds %s: start it first (trimtab start %s -n %s%s). Or, when"
                                        + " Trimtab is deleted: %s; then KServe makes it anew, and it runs")
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
        List<Departure> rolling = seen.with(Outcome.ROLLS);
        int left = seen.with(Outcome.LEFT).size();
        if (seen.departures().size() == left) {
            out.println(
                    "nothing of Trimtab is in any object here" + (left == 0 ? "" : "; %d have left".formatted(left)));
            return;
        }
        List<String> rest = new ArrayList<>();
        count(rest, seen, Outcome.STAYS, "lose%s the record alone");
        count(rest, seen, Outcome.STARTING, "start%s still");
        count(rest, seen, Outcome.BLOCKED, "cannot leave");
        if (left > 0) {
            rest.add("%d left before".formatted(left));
        }
        out.println("%s, with %s and %s%s"
                .formatted(
                        rolling.size() == 1 ? "1 rolls" : rolling.size() + " roll",
                        Counted.of(rolling.stream().mapToLong(Departure::pods).sum(), "new pod"),
                        Counted.gpus(
                                rolling.stream().mapToLong(Departure::cards).sum()),
                        rest.stream().map(it -> "; " + it).collect(Collectors.joining())));
    }

    private static void count(List<String> to, Seen seen, Outcome outcome, String what) {
        int number = seen.with(outcome).size();
        if (number > 0) {
            to.add(number + " " + what.formatted(number == 1 ? "s" : ""));
        }
    }
}
