package dev.trimtab.cli;

import dev.trimtab.drift.Inspection;
import dev.trimtab.drift.Look;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.knative.Revision;
import dev.trimtab.knative.Revisions;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at every object of Trimtab's kinds on a cluster. */
final class Scan {
    /** Otherwise a cluster taken for another one would pass for one where all is well. */
    static final String NOTHING_INSTALLED = "the cluster knows neither Services of Knative nor InferenceServices:"
            + " nothing is installed there that Trimtab looks after";

    private static final int SHOWN_EACH = 50;

    private final LiveCluster cluster;
    private final Optional<String> namespace;
    private final Progress progress;
    private final List<Look> looks = new ArrayList<>();

    private Settings settings;
    private boolean installed;
    private int shown;

    /** @param namespace the one that is looked at; empty for all */
    Scan(LiveCluster cluster, Settings settings, Optional<String> namespace, Progress progress) {
        this.cluster = cluster;
        this.settings = settings;
        this.namespace = namespace;
        this.progress = progress;
    }

    /**
     * What there is, and what else a review has to know.
     *
     * @param settings with which another look says the same
     * @param installed whether the cluster knows any of the kinds
     */
    record Seen(List<Look> looks, Settings settings, boolean installed) {
        void requireInstalled() throws BadInput {
            if (!installed) {
                throw new BadInput(List.of(NOTHING_INSTALLED));
            }
        }
    }

    /** @param model of an InferenceService */
    private record Looked(Look look, Model model) {}

    Seen run(Reviewer reviewer, Optional<Policy> other) throws ClusterProblem {
        try {
            progress.show("reading Revisions");
            Revisions running = revisions(cluster, namespace);
            settings = settings.withRevisions(known -> running);
            Inspection first = new Inspection(reviewer, settings, other);
            for (Looked it : inspect(Kind.INFERENCE_SERVICE, "", first)) {
                ObjectKey key = it.look().key();
                settings = settings.withModels(known -> known.with(key.namespace(), key.name(), it.model()));
            }
            inspect(Kind.INFERENCE_GRAPH, "", first);
            Inspection second = new Inspection(reviewer, settings, other);
            inspect(Kind.KNATIVE_SERVICE, "", second);
            String ofKserve = "?labelSelector=" + LiveCluster.encoded(KnativeService.INFERENCE_SERVICE_LABEL);
            boolean known = installed;
            inspect(Kind.DEPLOYMENT, ofKserve, second);
            return new Seen(List.copyOf(looks), settings, known);
        } finally {
            progress.end();
        }
    }

    /** The Revisions of a cluster: how many pods run now. */
    static Revisions revisions(LiveCluster cluster, Optional<String> namespace) throws ClusterProblem {
        String path = "/apis/serving.knative.dev/v1" + LiveCluster.in(namespace) + "/revisions";
        record Known(String namespace, Revision revision) {}
        Revisions revisions = Revisions.UNKNOWN;
        for (Known it : new Pages(cluster)
                .of(path, object -> Revision.of(object)
                        .map(found -> new Known(new Manifest(object).namespace(), found)))
                .orElse(List.of())) {
            revisions = revisions.with(it.namespace(), it.revision());
        }
        return revisions;
    }

    private List<Looked> inspect(Kind kind, String selected, Inspection inspection) throws ClusterProblem {
        String path = ObjectRef.collection(kind, namespace) + selected;
        Optional<List<Looked>> found = new Pages(cluster).of(path, object -> {
            // The items of a list do not say what they are, unless they are custom resources.
            object.put("apiVersion", kind.apiVersion()).put("kind", kind.displayName());
            Manifest manifest = new Manifest(object);
            show();
            return manifest.kind() == kind
                    ? Optional.of(new Looked(inspection.of(manifest), Model.of(manifest)))
                    : Optional.empty();
        });
        installed |= found.isPresent();
        List<Looked> all = found.orElse(List.of());
        all.forEach(it -> looks.add(it.look()));
        return all;
    }

    private void show() {
        shown++;
        if (shown % SHOWN_EACH == 0) {
            progress.show("%d objects looked at".formatted(shown));
        }
    }
}
