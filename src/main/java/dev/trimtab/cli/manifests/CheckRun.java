package dev.trimtab.cli.manifests;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.cli.manifests.ManifestFiles.DocumentReader;
import dev.trimtab.cli.manifests.PreviewedDocument.Reviewed;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.OldVersion;
import dev.trimtab.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Checks documents one by one, and keeps what was found. Of documents it keeps the PodAutoscalers alone: what is wrong with
 * one may hang on what comes later, another PodAutoscaler or whoever else scales its target.
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

    /** @param reviewed the objects of the document to check */
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
}
