package dev.trimtab.cli;

import dev.trimtab.drift.Difference;
import dev.trimtab.drift.Finding;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Report;
import dev.trimtab.drift.Roll;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Policy;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a scan has found, for people. */
final class ScanOutput {
    /** More would hide the summary; JSON has them all. */
    private static final int NOTES = 20;

    private final Report report;
    private final Asked asked;

    /**
     * By which policy.
     *
     * @param source where the one in force is from
     * @param other the one that is asked about, if it is another
     */
    record Asked(Policy inForce, String source, Optional<Policy> other) {
        Mode mode() {
            return other.orElse(inForce).mode();
        }
    }

    ScanOutput(Report report, Asked asked) {
        this.report = report;
        this.asked = asked;
    }

    void print(PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(row("NAMESPACE", "KIND", "NAME", "RULE", "FIELD", "STORED", "REFRESHED", "IN FORCE", "ROLLS", "WHY"));
        for (Roll roll : report.rolls()) {
            roll.findings().forEach(finding -> finding.differences().forEach(it -> lines.add(row(roll, finding, it))));
        }
        if (lines.size() > 1) {
            Table.print(lines, out);
            out.println();
        }
        notes(out);
        summary(out);
    }

    private List<String> row(Roll roll, Finding finding, Difference difference) {
        ObjectKey key = finding.key();
        return row(
                key.namespace(),
                key.kind().displayName(),
                key.name(),
                difference.rule(),
                Values.field(difference.at()),
                Values.cell(difference.before()),
                Values.cell(difference.after()),
                difference.already() ? "same" : "other",
                rolls(roll, finding),
                difference.change() == Difference.Change.ILLEGAL
                        ? "illegal by now: " + difference.because()
                        : difference.because());
    }

    /** Which policy gives the value is of interest only where there are two. */
    private List<String> row(String... cells) {
        List<String> row = new ArrayList<>(List.of(cells));
        if (asked.other().isEmpty()) {
            row.remove(7);
        }
        return row;
    }

    private static String rolls(Roll roll, Finding finding) {
        if (finding.isBlocked()) {
            return "blocked";
        }
        boolean whole = finding.equals(roll.whole());
        boolean rolls = whole ? !roll.rolled().isEmpty() : roll.rolled().contains(finding);
        return rolls ? Counted.gpus(whole ? roll.cards() : finding.cards()) : "nothing";
    }

    private void notes(PrintWriter out) {
        List<String> notes = new ArrayList<>();
        report.findings().forEach(it -> {
            if (it.isBlocked()) {
                notes.add("%s cannot be refreshed: %s".formatted(it.key(), it.block()));
            }
            it.notes().forEach(note -> notes.add(it.key() + ": " + note));
        });
        notes.stream().limit(NOTES).forEach(out::println);
        if (notes.size() > NOTES) {
            out.println("and %d more notes (-o json has all)".formatted(notes.size() - NOTES));
        }
        if (!notes.isEmpty()) {
            out.println();
        }
    }

    private void summary(PrintWriter out) {
        long differing = report.differing();
        String objects = "%s in %s: "
                .formatted(Counted.of(report.objects(), "object"), Counted.of(report.namespaces(), "namespace"));
        String rolls = "%d differ%s; a refresh would roll %s with %s"
                .formatted(
                        differing,
                        differing == 1 ? "s" : "",
                        Counted.of(report.revisions(), "revision"),
                        Counted.gpus(report.cards()));
        out.println(objects + (differing == 0 ? "none differs" : rolls));
        if (asked.other().isPresent()) {
            if (differing > 0) {
                out.println("%d of these differ by the policy in force already".formatted(report.alreadyDiffering()));
            }
            out.println(
                    "to load this policy rolls nothing by itself: stored objects stay as they are until their author"
                            + " changes the template, or somebody refreshes them");
        } else {
            out.println("by " + asked.source());
        }
        if (asked.mode() == Mode.AUDIT) {
            out.println(
                    "this policy is in mode Audit: a refresh changes nothing. Shown is what it would do in Enforce");
        }
        if (!report.leftOut().isEmpty()) {
            out.println("%d left out: stopped, ignored or being deleted (-o json names them)"
                    .formatted(report.leftOut().size()));
        }
    }
}
