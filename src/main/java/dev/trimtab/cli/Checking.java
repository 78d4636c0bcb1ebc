package dev.trimtab.cli;

import dev.trimtab.aibrix.ClusterObjects;
import dev.trimtab.aibrix.PodAutoscaler;
import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.cli.ManifestFiles.DocumentReader;
import dev.trimtab.cli.Previewed.Reviewed;
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
final class Checking implements DocumentReader {
    private final Preview preview;
    private final Check check;
    private final InputLog log;
    private final List<Supplier<Checked>> objects = new ArrayList<>();
    private Surroundings surroundings = Surroundings.UNKNOWN;
    private int others;

    /** @param log where it is said what is left as it is */
    Checking(Preview preview, Check check, InputLog log) {
        this.preview = preview;
        this.check = check;
        this.log = log;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        read(file, document, preview.of(file, document).objects());
    }

    /** @param reviewed the objects of the document, as they are to be checked */
    void read(ManifestFile file, YamlDocument document, List<Reviewed> reviewed) {
        for (Reviewed object : file.isPart() ? List.<Reviewed>of() : reviewed) {
            object.leftBecause().ifPresent(text -> log.note(file, text));
            if (object.before().kind() == Kind.POD_AUTOSCALER) {
                surroundings =
                        surroundings.with(new PodAutoscaler(object.review().result(), object.namespace()));
                objects.add(() -> check.of(file, document, object, surroundings));
            } else if (object.isOurs() || OldVersion.of(object.before()).isPresent()) {
                Checked checked = check.of(file, document, object, Surroundings.UNKNOWN);
                objects.add(() -> checked);
            } else {
                others++;
                surroundings = ClusterObjects.with(surroundings, object.inItsNamespace());
            }
        }
    }

    /** In the order in which they were read. */
    List<Checked> objects() {
        return objects.stream().map(Supplier::get).toList();
    }

    /** How many objects were of other kinds. */
    int others() {
        return others;
    }
}
