package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Paint;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All findings, the urgent ones first. */
record Diagnosis(List<Judged> findings) {
    record Judged(String check, Finding finding) {}

    Diagnosis {
        findings = List.copyOf(findings);
    }

    static Diagnosis of(Observed cluster, List<Check> checks) {
        List<Judged> all = new ArrayList<>();
        checks.forEach(check -> check.of(cluster).forEach(it -> all.add(new Judged(check.name(), it))));
        all.sort(Comparator.comparing(it -> it.finding().severity()));
        return new Diagnosis(all);
    }

    boolean isFaulty() {
        return count(Severity.PROBLEM) + count(Severity.WARNING) > 0;
    }

    private long count(Severity severity) {
        return findings.stream()
                .filter(it -> it.finding().severity() == severity)
                .count();
    }

    void print(PrintWriter out, Paint paint) {
        for (Judged it : findings) {
            Finding finding = it.finding();
            String severity = "%-10s".formatted(finding.severity().term());
            out.println("%s %-13s %s: %s"
                    .formatted(
                            coloured(severity, finding.severity(), paint),
                            it.check(),
                            finding.where(),
                            finding.what()));
            if (!finding.advice().isEmpty()) {
                out.println(" ".repeat(25) + "do: " + finding.advice());
            }
        }
        out.println();
        out.println("%s, %s, %d not checked, %d fine"
                .formatted(
                        Counted.of(count(Severity.PROBLEM), "problem"),
                        Counted.of(count(Severity.WARNING), "warning"),
                        count(Severity.UNCHECKED),
                        count(Severity.FINE)));
    }

    private static String coloured(String text, Severity severity, Paint paint) {
        return switch (severity) {
            case PROBLEM -> paint.red(text);
            case WARNING -> paint.yellow(text);
            case UNCHECKED -> paint.cyan(text);
            case FINE -> paint.green(text);
        };
    }

    void printJson(PrintWriter out) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode all = root.putArray("findings");
        for (Judged it : findings) {
            Finding finding = it.finding();
            all.addObject()
                    .put("check", it.check())
                    .put("severity", finding.severity().term())
                    .put("where", finding.where())
                    .put("what", finding.what())
                    .put("advice", finding.advice().isEmpty() ? null : finding.advice());
        }
        ObjectNode summary = root.putObject("summary");
        for (Severity severity : Severity.values()) {
            summary.put(severity.term(), count(severity));
        }
        out.println(JsonText.text(root));
    }
}
