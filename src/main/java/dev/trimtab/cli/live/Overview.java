package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.live.ScanFormats.UnknownFormat;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.drift.Difference;
import dev.trimtab.drift.Difference.Change;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Report;
import dev.trimtab.kube.ApiProblem;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code trimtab scan -A} finds, in numbers. */
public final class Overview {
    private final LiveCluster cluster;
    private final SettingsOptions places;

    public Overview(LiveCluster cluster, SettingsOptions places) {
        this.cluster = cluster;
        this.places = places;
    }

    /** @return without {@code formats} if the runtimes may not be listed */
    public JsonNode read() throws BadInput, ApiProblem {
        ClusterSettings.Read read = new ClusterSettings(cluster, places).read(Optional.empty(), Optional.empty());
        Progress quiet = Progress.on(new PrintWriter(Writer.nullWriter()));
        Scan.Seen seen =
                new Scan(cluster, read.settings(), Optional.empty(), quiet).run(read.reviewer(), Optional.empty());
        ObjectNode result = counted(Report.of(seen.looks()));
        Optional<List<UnknownFormat>> unknown = new ScanFormats(cluster).unknown(ScanCommand.profiles(seen.settings()));
        unknown.ifPresent(formats -> {
            ArrayNode all = result.putArray("formats");
            formats.forEach(it -> all.addObject()
                    .put("profile", it.profile())
                    .put("format", it.format())
                    .put("closest", it.closest().orElse("")));
        });
        return result;
    }

    /** Each object counts once, at the worst of its differences. */
    private static ObjectNode counted(Report report) {
        long illegal = 0;
        long unfilled = 0;
        long other = 0;
        for (Finding finding : report.findings().filter(Finding::differs).toList()) {
            Set<Change> changes = finding.differences().stream()
                    .map(Difference::change)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Change.class)));
            if (changes.contains(Change.ILLEGAL)) {
                illegal++;
            } else if (changes.contains(Change.FILLED)) {
                unfilled++;
            } else {
                other++;
            }
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("objects", report.objects())
                .put("illegal", illegal)
                .put("unfilled", unfilled)
                .put("differing", other);
    }
}
