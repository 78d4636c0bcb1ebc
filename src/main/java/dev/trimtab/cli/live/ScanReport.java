package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.live.ScanReport.Asked;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Table;
import dev.trimtab.cli.print.Table.Cells;
import dev.trimtab.drift.Difference;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.RefreshGroup;
import dev.trimtab.drift.Report;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Mode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

final class ScanReport {
    /** More notes would hide the summary. JSON has all of them. */
    private static final int NOTES = 20;

    /** Columns that a narrow terminal does without, the first one first. */
    private static final List<String> LESS_NEEDED = List.of("RULE", "KIND", "WHY");

    private final Report report;
    private final Asked asked;

    /**
     * @param source origin of the policy in force
     * @param other policy to compare with; empty for the policy in force
     */
    record Asked(Policy inForce, String source, Optional<Policy> other) {
        Mode mode() {
            return other.orElse(inForce).mode();
        }
    }

    ScanReport(Report report, Asked asked) {
        this.report = report;
        this.asked = asked;
    }

    /** @param width of the terminal; empty for any */
    void print(OptionalInt width, PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(row("NAMESPACE", "KIND", "NAME", "RULE", "FIELD", "STORED", "REFRESHED", "IN FORCE", "ROLLS", "WHY"));
        for (RefreshGroup roll : report.rolls()) {
            roll.findings().forEach(finding -> finding.differences().forEach(it -> lines.add(row(roll, finding, it))));
        }
        if (lines.size() > 1) {
            new Table(lines, LESS_NEEDED).print(width, out);
            out.println();
        }
        notes(out);
        summary(out);
    }

    private List<String> row(RefreshGroup roll, Finding finding, Difference difference) {
        ObjectKey key = finding.key();
        return row(
                key.namespace(),
                key.kind().displayName(),
                key.name(),
                difference.rule(),
                Cells.field(difference.at()),
                Cells.cell(difference.before()),
                Cells.cell(difference.after()),
                difference.already() ? "same" : "other",
                rolls(roll, finding),
                difference.change() == Difference.Change.ILLEGAL
                        ? "no longer allowed: " + difference.because()
                        : difference.because());
    }

    /** The column IN FORCE is shown only if another policy is compared. */
    private List<String> row(String... cells) {
        List<String> row = new ArrayList<>(List.of(cells));
        if (asked.other().isEmpty()) {
            row.remove(7);
        }
        return row;
    }

    private static String rolls(RefreshGroup roll, Finding finding) {
        if (finding.isBlocked()) {
            return "blocked";
        }
        boolean whole = finding.equals(roll.whole());
        boolean rolls = whole ? !roll.rolled().isEmpty() : roll.rolled().contains(finding);
        return rolls ? Counted.gpus(whole ? roll.gpuCount() : finding.gpuCount()) : "nothing";
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
                        Counted.gpus(report.gpuCount()));
        out.println(objects + (differing == 0 ? "none differ" : rolls));
        if (asked.other().isPresent()) {
            if (differing > 0) {
                out.println("%d of these already differ under the current policy".formatted(report.alreadyDiffering()));
            }
            out.println(
                    "loading this policy does not roll anything: stored objects keep their values until their author"
                            + " changes the template or someone refreshes them");
        } else {
            out.println("by " + asked.source());
        }
        if (asked.mode() == Mode.AUDIT) {
            out.println(
                    "this policy is in mode Audit: a refresh changes nothing. The rows show what it would change in mode Enforce");
        }
        if (!report.leftOut().isEmpty()) {
            out.println("%d skipped: stopped, ignored or being deleted (-o json lists them)"
                    .formatted(report.leftOut().size()));
        }
    }

    /** The result of a scan as JSON. Field names are stable. */
    static final class Json {
        private final Report report;
        private final Asked asked;
        private final ScanAutoscalers.Found autoscalers;

        Json(Report report, Asked asked, ScanAutoscalers.Found autoscalers) {
            this.report = report;
            this.asked = asked;
            this.autoscalers = autoscalers;
        }

        void print(PrintWriter out) {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            root.putObject("policy")
                    .put("inForce", asked.source())
                    .put("asked", asked.other().isPresent())
                    .put("mode", asked.mode().term());
            ArrayNode objects = root.putArray("objects");
            for (RefreshGroup roll : report.rolls()) {
                roll.findings()
                        .filter(it -> it.differs()
                                || !it.notes().isEmpty()
                                || roll.rolled().contains(it))
                        .forEach(it -> put(roll, it, objects.addObject()));
            }
            ArrayNode leftOut = root.putArray("leftOut");
            for (Skipped it : report.leftOut()) {
                JsonText.put(it.key(), leftOut.addObject()).put("because", it.because());
            }
            autoscalers.putInto(root.putArray("podAutoscalers"));
            ObjectNode summary = root.putObject("summary")
                    .put("objects", report.objects())
                    .put("namespaces", report.namespaces())
                    .put("differing", report.differing())
                    .put("alreadyDiffering", report.alreadyDiffering())
                    .put("revisions", report.revisions())
                    .put("gpus", report.gpuCount())
                    .put("podAutoscalers", autoscalers.count());
            report.gpus().byResource().forEach(summary.putObject("gpusByResource")::put);
            out.println(JsonText.text(root));
        }

        private static void put(RefreshGroup roll, Finding finding, ObjectNode to) {
            JsonText.put(finding.key(), to);
            finding.owner()
                    .ifPresentOrElse(
                            owner -> JsonText.put(owner, to.putObject("renderedFor")), () -> to.putNull("renderedFor"));
            ArrayNode differences = to.putArray("differences");
            for (Difference it : finding.differences()) {
                ObjectNode difference = differences
                        .addObject()
                        .put("rule", it.rule())
                        .put("field", it.at().toString())
                        .put("change", it.change().toString());
                difference.set("stored", JsonText.orNull(it.before()));
                difference.set("refreshed", JsonText.orNull(it.after()));
                difference.put("because", it.because()).put("sameInForce", it.already());
            }
            finding.notes().forEach(to.putArray("notes")::add);
            boolean rolls = roll.rolled().contains(finding);
            to.put("blockedBy", finding.isBlocked() ? finding.block() : null)
                    .put("rolls", rolls)
                    .put("pods", rolls ? finding.pods() : 0)
                    .put("gpus", rolls ? finding.gpuCount() : 0);
            ObjectNode gpus = to.putObject("gpusByResource");
            if (rolls) {
                finding.gpus().byResource().forEach(gpus::put);
            }
        }
    }
}
