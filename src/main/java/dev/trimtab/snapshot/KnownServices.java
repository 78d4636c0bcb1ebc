package dev.trimtab.snapshot;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Namespaced;
import dev.trimtab.policy.Policy.NativeStop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The InferenceServices and InferenceGraphs of a cluster, as one immutable snapshot. Whether KServe stops a kind by
 * itself is counted at each change, so that asking costs nothing.
 */
public final class KnownServices {
    public static final KnownServices UNKNOWN = new KnownServices(Map.of(), Map.of());

    private final Map<Stoppable, Namespaced<KnownService>> byKind;
    private final Map<Family, Integer> showingNativeStop;

    private KnownServices(Map<Stoppable, Namespaced<KnownService>> byKind, Map<Family, Integer> showingNativeStop) {
        this.byKind = Map.copyOf(byKind);
        this.showingNativeStop = Map.copyOf(showingNativeStop);
    }

    public Optional<KnownService> find(Stoppable kind, String namespace, String name) {
        return of(kind).find(namespace, name);
    }

    /**
     * Whether KServe takes a stopped service down by itself.
     *
     * @param byDefault the mode of those that show none
     */
    public boolean isStopNative(Stoppable kind, DeploymentMode mode, DeploymentMode byDefault, NativeStop setting) {
        return switch (setting) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                showingNativeStop.containsKey(new Family(kind, Optional.of(mode)))
                        || (mode == byDefault && showingNativeStop.containsKey(new Family(kind, Optional.empty())));
        };
    }

    /** The same snapshot if nothing changes. */
    public KnownServices with(Stoppable kind, String namespace, String name, KnownService service) {
        Namespaced<KnownService> changed = of(kind).with(namespace, name, service);
        return changed(kind, changed, find(kind, namespace, name), Optional.of(service));
    }

    /** The same snapshot if there is no such service. */
    public KnownServices without(Stoppable kind, String namespace, String name) {
        Namespaced<KnownService> changed = of(kind).without(namespace, name);
        return changed(kind, changed, find(kind, namespace, name), Optional.empty());
    }

    private KnownServices changed(
            Stoppable kind,
            Namespaced<KnownService> changed,
            Optional<KnownService> before,
            Optional<KnownService> now) {
        if (before.equals(now)) {
            return this;
        }
        Map<Stoppable, Namespaced<KnownService>> all = new HashMap<>(byKind);
        all.put(kind, changed);
        Map<Family, Integer> showing = new HashMap<>(showingNativeStop);
        count(showing, kind, before, -1);
        count(showing, kind, now, 1);
        return new KnownServices(all, showing);
    }

    /** No count in it is zero. */
    private static void count(Map<Family, Integer> showing, Stoppable kind, Optional<KnownService> service, int by) {
        service.filter(KnownService::showsNativeStop)
                .ifPresent(it -> showing.merge(
                        new Family(kind, it.mode()), by, (one, other) -> one + other == 0 ? null : one + other));
    }

    private Namespaced<KnownService> of(Stoppable kind) {
        return byKind.getOrDefault(kind, Namespaced.empty());
    }

    /** What KServe learned to stop in one of its releases. */
    private record Family(Stoppable kind, Optional<DeploymentMode> mode) {}

    /**
     * What a review needs of an InferenceService or InferenceGraph.
     *
     * @param uid tells a deleted service of the same name apart
     * @param stopped whether it has the annotation, not whether it is down
     * @param mode empty if the cluster's default counts
     * @param showsNativeStop whether its status shows that KServe stops its kind and mode by itself
     * @param ignored whether it has the label {@code trimtab.dev/ignore}
     */
    public record KnownService(
            String uid, boolean stopped, Optional<DeploymentMode> mode, boolean showsNativeStop, boolean ignored) {
        public static KnownService of(Stoppable kind, Manifest service) {
            Optional<DeploymentMode> mode = DeploymentMode.shownBy(service);
            return new KnownService(
                    service.metadata().path("uid").asText(""),
                    StopAnnotation.isStopped(service),
                    mode,
                    showsNativeStop(mode, new Conditions(service)),
                    service.isIgnored());
        }

        /** Not ModelMesh, which has no stop, nor an ignored service. */
        public boolean isToBeDown() {
            return stopped && !isModelMesh(mode) && !ignored;
        }

        /**
         * A KServe that stops services of a kind in a mode writes {@code Stopped=False} on each that runs: InferenceServices in
         * Knative mode from 0.15.1 on, in Standard mode from 0.16 on (0.15.1 and 0.15.2 have no Stopped there, and no stop),
         * InferenceGraphs in both modes from 0.16 on.
         */
        private static boolean showsNativeStop(Optional<DeploymentMode> mode, Conditions conditions) {
            return !isModelMesh(mode) && conditions.hasStopOfKServe();
        }

        private static boolean isModelMesh(Optional<DeploymentMode> mode) {
            return mode.filter(it -> it == DeploymentMode.MODEL_MESH).isPresent();
        }
    }
}
