package dev.trimtab.cluster;

import dev.trimtab.knative.Revision;
import dev.trimtab.kserve.Model;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.snapshot.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;

/** Follows Knative's Revisions, KServe's InferenceServices and InferenceGraphs, and ServingSchedules. */
@ApplicationScoped
public class Workloads {
    private final CurrentSettings settings;

    Workloads(CurrentSettings settings) {
        this.settings = settings;
    }

    List<ResourceWatch<?>> watches(KubernetesClient client) {
        return List.of(
                ResourceWatch.raw(
                        client,
                        ResourceKind.REVISION,
                        Selection.ALL,
                        "Knative's Revisions",
                        this::takeRevision,
                        this::forgetRevision),
                services(client, Stoppable.INFERENCE_SERVICE, this::takeInferenceService, this::forgetInferenceService),
                services(client, Stoppable.INFERENCE_GRAPH, this::takeInferenceGraph, this::forgetInferenceGraph),
                ResourceWatch.raw(
                        client,
                        ResourceKind.SERVING_SCHEDULE,
                        Selection.ALL,
                        "ServingSchedules",
                        this::takeSchedule,
                        this::forgetSchedule));
    }

    /** A schedule that does not act, is being deleted or cannot be read is in nobody's way. */
    private void takeSchedule(Manifest object) {
        if (!object.isBeingDeleted()
                && ServingSchedule.read(object) instanceof ServingSchedule.Valid valid
                && valid.schedule().acts()) {
            settings.change(
                    it -> it.withSchedules(known -> known.with(object.namespace(), object.name(), valid.schedule())));
        } else {
            forgetSchedule(object);
        }
    }

    private void forgetSchedule(Manifest object) {
        settings.change(it -> it.withSchedules(known -> known.without(object.namespace(), object.name())));
    }

    private static ResourceWatch<?> services(
            KubernetesClient client, Stoppable kind, Consumer<Manifest> onChange, Consumer<Manifest> onGone) {
        String title = "KServe's " + kind.kindName() + "s";
        return ResourceWatch.raw(client, kind.resource(), Selection.ALL, title, onChange, onGone);
    }

    private void takeRevision(Manifest object) {
        Revision.of(object.root())
                .ifPresent(revision ->
                        settings.change(it -> it.withRevisions(known -> known.with(object.namespace(), revision))));
    }

    private void forgetRevision(Manifest object) {
        settings.change(it -> it.withRevisions(known -> known.without(object.namespace(), object.name())));
    }

    private void takeInferenceService(Manifest object) {
        Model model = Model.of(object);
        KnownService service = KnownService.of(Stoppable.INFERENCE_SERVICE, object);
        settings.change(it -> with(Stoppable.INFERENCE_SERVICE, object, service, it)
                .withModels(known -> known.with(object.namespace(), object.name(), model)));
    }

    private void forgetInferenceService(Manifest object) {
        settings.change(it -> without(Stoppable.INFERENCE_SERVICE, object, it)
                .withModels(known -> known.without(object.namespace(), object.name())));
    }

    private void takeInferenceGraph(Manifest object) {
        KnownService service = KnownService.of(Stoppable.INFERENCE_GRAPH, object);
        settings.change(it -> with(Stoppable.INFERENCE_GRAPH, object, service, it));
    }

    private void forgetInferenceGraph(Manifest object) {
        settings.change(it -> without(Stoppable.INFERENCE_GRAPH, object, it));
    }

    private static Settings with(Stoppable kind, Manifest object, KnownService service, Settings settings) {
        return settings.withServices(known -> known.with(kind, object.namespace(), object.name(), service));
    }

    private static Settings without(Stoppable kind, Manifest object, Settings settings) {
        return settings.withServices(known -> known.without(kind, object.namespace(), object.name()));
    }
}
