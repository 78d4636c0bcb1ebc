package dev.trimtab.cli.manifests;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.cli.manifests.ManifestFiles.DocumentReader;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.OldVersion;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Checks documents one by one, and keeps the findings. Only documents with PodAutoscalers stay in memory. Their
 * problems may depend on later objects: another PodAutoscaler, or another scaler of the same target.
 */
final class CheckRun implements DocumentReader {
    private final Preview preview;
    private final ManifestCheck check;
    private final InputLog log;
    private final List<Supplier<CheckedObject>> objects = new ArrayList<>();
    private ClusterView cluster = ClusterView.UNKNOWN;
    private int others;

    CheckRun(Preview preview, ManifestCheck check, InputLog log) {
        this.preview = preview;
        this.check = check;
        this.log = log;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        read(file, document, preview.of(file, document).objects());
    }

    void read(ManifestFile file, YamlDocument document, List<Reviewed> reviewed) {
        for (Reviewed object : file.isPart() ? List.<Reviewed>of() : reviewed) {
            object.leftBecause().ifPresent(text -> log.note(file, text));
            if (object.before().kind() == Kind.POD_AUTOSCALER) {
                cluster = cluster.with(new PodAutoscaler(object.review().result(), object.namespace()));
                objects.add(() -> check.of(file, document, object, cluster));
            } else if (object.isOurs() || OldVersion.of(object.before()).isPresent()) {
                CheckedObject checked = check.of(file, document, object, ClusterView.UNKNOWN);
                objects.add(() -> checked);
            } else {
                others++;
                cluster = cluster.with(object.inItsNamespace());
            }
        }
    }

    List<CheckedObject> objects() {
        return objects.stream().map(Supplier::get).toList();
    }

    int others() {
        return others;
    }

    record CheckedObject(ManifestFile file, Position at, String object, String namespace, List<Finding> findings) {
        CheckedObject {
            findings = List.copyOf(findings);
        }

        /** One line in the form of compilers, so that editors and CI systems find the place. */
        String line(Finding finding) {
            return "%s: %s: %s".formatted(place(finding), finding.level(), text(finding));
        }

        String place(Finding finding) {
            return file.place(finding.at());
        }

        String text(Finding finding) {
            return "%s: %s: %s".formatted(object, finding.rule(), finding.message());
        }

        boolean isFound() {
            return findings.stream().anyMatch(it -> it.level().isFound());
        }

        record Finding(Level level, String rule, Position at, String message) {
            enum Level {
                /** The object would not be stored. */
                REFUSED,
                /** A value of the author would be changed. */
                CLAMPED,
                WARNING;

                boolean isFound() {
                    return this != WARNING;
                }

                @Override
                public String toString() {
                    return name().toLowerCase(Locale.ROOT);
                }
            }
        }
    }
}
