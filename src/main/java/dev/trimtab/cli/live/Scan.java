package dev.trimtab.cli.live;

import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.drift.Inspected;
import dev.trimtab.drift.Inspector;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Scanned;
import dev.trimtab.knative.Revision;
import dev.trimtab.kserve.Model;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Inspects each object of Trimtab's kinds on a cluster. */
final class Scan {
    /** Without this error, the wrong cluster would look like a cluster without differences. */
    static final String NOTHING_INSTALLED = "the cluster has neither Knative Services nor InferenceServices:"
            + " nothing that Trimtab manages is installed";

    private static final int SHOWN_EACH = 50;

    private final LiveCluster cluster;
    private final Optional<String> namespace;
    private final Progress progress;
    private final List<Inspected> looks = new ArrayList<>();

    private Settings settings;
    private boolean installed;
    private int shown;

    Scan(LiveCluster cluster, Settings settings, Optional<String> namespace, Progress progress) {
        this.cluster = cluster;
        this.settings = settings;
        this.namespace = namespace;
        this.progress = progress;
    }

    /**
     * @param settings settings of the scan, with the Revisions and models that it found
     * @param installed whether the cluster knows InferenceServices, InferenceGraphs or Knative Services
     */
    record Seen(List<Inspected> looks, Settings settings, boolean installed) {
        void requireInstalled() throws BadInput {
            if (!installed) {
                throw new BadInput(List.of(NOTHING_INSTALLED));
            }
        }
    }

    private record Looked(Inspected look, Model model) {}

    Seen run(Reviewer reviewer, Optional<Policy> other) throws ApiProblem {
        try {
            progress.show("reading Revisions");
            Revisions running = revisions(cluster, namespace);
            settings = settings.withRevisions(known -> running);
            Inspector first = new Inspector(reviewer, settings, other);
            for (Looked it : inspect(Scanned.INFERENCE_SERVICES, first)) {
                ObjectKey key = it.look().key();
                settings = settings.withModels(known -> known.with(key.namespace(), key.name(), it.model()));
            }
            inspect(Scanned.INFERENCE_GRAPHS, first);
            Inspector second = new Inspector(reviewer, settings, other);
            inspect(Scanned.KNATIVE_SERVICES, second);
            boolean known = installed;
            inspect(Scanned.DEPLOYMENTS, second);
            return new Seen(List.copyOf(looks), settings, known);
        } finally {
            progress.end();
        }
    }

    static Revisions revisions(LiveCluster cluster, Optional<String> namespace) throws ApiProblem {
        String path = RawClient.path(ResourceKind.REVISION, namespace.orElse(""));
        record Known(String namespace, Revision revision) {}
        Revisions revisions = Revisions.UNKNOWN;
        for (Known it : cluster.pages(path, object -> Revision.of(object)
                        .map(found -> new Known(new Manifest(object).namespace(), found)))
                .orElse(List.of())) {
            revisions = revisions.with(it.namespace(), it.revision());
        }
        return revisions;
    }

    private List<Looked> inspect(Scanned kind, Inspector inspection) throws ApiProblem {
        String selected = kind.selector().isEmpty() ? "" : "?labelSelector=" + RawClient.encoded(kind.selector());
        String path = RawClient.path(kind.resource(), namespace.orElse("")) + selected;
        Optional<List<Looked>> found = cluster.pages(path, object -> {
            show();
            return kind.read(object).map(it -> new Looked(inspection.of(it), Model.of(it)));
        });
        installed |= found.isPresent();
        List<Looked> all = found.orElse(List.of());
        all.forEach(it -> looks.add(it.look()));
        return all;
    }

    private void show() {
        shown++;
        if (shown % SHOWN_EACH == 0) {
            progress.show("%d objects checked".formatted(shown));
        }
    }
}
