package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.ScanOutput.Asked;
import dev.trimtab.drift.Difference;
import dev.trimtab.drift.Finding;
import dev.trimtab.drift.LeftOut;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Report;
import dev.trimtab.drift.Roll;
import java.io.PrintWriter;

/** What a scan has found, for programs. The names of its fields stay. */
final class ScanJson {
    private final Report report;
    private final Asked asked;
    private final ScanAutoscalers.Found autoscalers;

    ScanJson(Report report, Asked asked, ScanAutoscalers.Found autoscalers) {
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
        for (Roll roll : report.rolls()) {
            roll.findings()
                    .filter(it -> it.differs()
                            || !it.notes().isEmpty()
                            || roll.rolled().contains(it))
                    .forEach(it -> put(roll, it, objects.addObject()));
        }
        ArrayNode leftOut = root.putArray("leftOut");
        for (LeftOut it : report.leftOut()) {
            put(it.key(), leftOut.addObject()).put("because", it.because());
        }
        autoscalers.putInto(root.putArray("podAutoscalers"));
        ObjectNode summary = root.putObject("summary")
                .put("objects", report.objects())
                .put("namespaces", report.namespaces())
                .put("differing", report.differing())
                .put("alreadyDiffering", report.alreadyDiffering())
                .put("revisions", report.revisions())
                .put("gpus", report.cards())
                .put("podAutoscalers", autoscalers.count());
        report.gpus().byResource().forEach(summary.putObject("gpusByResource")::put);
        out.println(JsonOutput.text(root));
    }

    private static void put(Roll roll, Finding finding, ObjectNode to) {
        put(finding.key(), to);
        finding.owner()
                .ifPresentOrElse(owner -> put(owner, to.putObject("renderedFor")), () -> to.putNull("renderedFor"));
        ArrayNode differences = to.putArray("differences");
        for (Difference it : finding.differences()) {
            ObjectNode difference = differences
                    .addObject()
                    .put("rule", it.rule())
                    .put("field", it.at().toString())
                    .put("change", it.change().toString());
            difference.set("stored", orNull(it.before()));
            difference.set("refreshed", orNull(it.after()));
            difference.put("because", it.because()).put("sameInForce", it.already());
        }
        finding.notes().forEach(to.putArray("notes")::add);
        boolean rolls = roll.rolled().contains(finding);
        to.put("blockedBy", finding.isBlocked() ? finding.block() : null)
                .put("rolls", rolls)
                .put("pods", rolls ? finding.pods() : 0)
                .put("gpus", rolls ? finding.cards() : 0);
        ObjectNode gpus = to.putObject("gpusByResource");
        if (rolls) {
            finding.gpus().byResource().forEach(gpus::put);
        }
    }

    private static ObjectNode put(ObjectKey key, ObjectNode to) {
        return to.put("kind", key.kind().displayName())
                .put("namespace", key.namespace())
                .put("name", key.name());
    }

    private static JsonNode orNull(JsonNode value) {
        return value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
    }
}
