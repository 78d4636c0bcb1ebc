package dev.trimtab.cli;

import dev.trimtab.cli.RefreshWrite.Awaited;
import dev.trimtab.cli.RefreshWrite.Written;
import dev.trimtab.drift.Finding;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Report;
import dev.trimtab.drift.Roll;
import dev.trimtab.drift.Waves;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Refreshes one service, or all in waves, and says so. Each returns the exit code. */
final class RefreshRun {
    private final RefreshWrite write;
    private final RefreshWait wait;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean dryRun;

    /** @param dryRun whether nothing is written */
    RefreshRun(RefreshWrite write, RefreshWait wait, PrintWriter out, PrintWriter err, boolean dryRun) {
        this.write = write;
        this.wait = wait;
        this.out = out;
        this.err = err;
        this.dryRun = dryRun;
    }

    int one(Roll roll, boolean waiting) throws BadInput, ClusterProblem, InterruptedException {
        blocked(List.of(roll));
        if (roll.refreshed().isEmpty()) {
            if (roll.blocked().isEmpty()) {
                out.println(roll.key() + ": nothing differs from what the policy gives it");
            }
            return roll.blocked().isEmpty() ? 0 : TrimtabCommand.NOT_DONE;
        }
        Map<ObjectKey, List<Awaited>> rolling = new LinkedHashMap<>();
        boolean done = refresh(roll, rolling) && (!waiting || wait.areReady(rolling));
        return done && roll.blocked().isEmpty() ? 0 : TrimtabCommand.NOT_DONE;
    }

    int all(Report report, long maxGpus) throws BadInput, ClusterProblem, InterruptedException {
        Waves waves = Waves.plan(report.refreshable(), maxGpus);
        boolean blocked = blocked(report.rolls());
        int number = 0;
        for (List<Roll> wave : waves.waves()) {
            number++;
            long gpus = wave.stream().mapToLong(Roll::cards).sum();
            out.println("wave %d of %d: %s, %s"
                    .formatted(number, waves.waves().size(), Counted.of(wave.size(), "service"), Counted.gpus(gpus)));
            out.flush();
            Map<ObjectKey, List<Awaited>> rolling = new LinkedHashMap<>();
            for (Roll roll : wave) {
                if (!refresh(roll, rolling)) {
                    return TrimtabCommand.NOT_DONE;
                }
            }
            if (!wait.areReady(rolling)) {
                err.println("stopped after wave %d of %d; run it again to go on with what differs still"
                        .formatted(number, waves.waves().size()));
                return TrimtabCommand.NOT_DONE;
            }
        }
        for (Roll it : waves.tooLarge()) {
            err.println("%s: left: its new pods ask for %s, more than --max-gpus %d"
                    .formatted(it.key(), Counted.gpus(it.cards()), maxGpus));
        }
        if (report.refreshable().isEmpty() && !blocked) {
            out.println("nothing differs from what the policy gives it");
        }
        return blocked || !waves.tooLarge().isEmpty() ? TrimtabCommand.NOT_DONE : 0;
    }

    /** @return whether it is done, as far as it can be by now */
    private boolean refresh(Roll roll, Map<ObjectKey, List<Awaited>> rolling) throws BadInput, ClusterProblem {
        String what = "%s with %s: %s"
                .formatted(
                        Counted.of(roll.rolled().size(), "revision"),
                        Counted.gpus(roll.cards()),
                        roll.refreshed().stream().map(RefreshRun::fields).collect(Collectors.joining("; ")));
        if (dryRun) {
            out.println("%s: would roll %s".formatted(roll.key(), what));
            return true;
        }
        Written written = write.write(roll);
        if (!written.problem().isEmpty()) {
            err.println(written.problem());
            return false;
        }
        out.println("%s: refreshed: %s".formatted(roll.key(), what));
        out.flush();
        if (!written.awaited().isEmpty()) {
            rolling.put(roll.key(), written.awaited());
        }
        return true;
    }

    private static String fields(Finding finding) {
        return finding.differences().stream()
                .map(it -> "%s %s -> %s"
                        .formatted(Values.field(it.at()), Values.cell(it.before()), Values.cell(it.after())))
                .collect(Collectors.joining(", "));
    }

    private boolean blocked(List<Roll> rolls) {
        boolean any = false;
        for (Roll roll : rolls) {
            for (Finding it : roll.blocked()) {
                err.println("%s: left: %s".formatted(it.key(), it.block()));
                any = true;
            }
        }
        return any;
    }
}
