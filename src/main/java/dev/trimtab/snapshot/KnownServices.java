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
 * The InferenceServices and InferenceGraphs of a cluster, as one immutable snapshot. Each change also updates the
 * counts that {@link #isStopNative} reads.
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
     * Whether KServe itself takes stopped services down.
     *
     * @param byDefault mode of services whose status shows none
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

    /** Returns this snapshot if nothing changes. */
    public KnownServices with(Stoppable kind, String namespace, String name, KnownService service) {
        Namespaced<KnownService> changed = of(kind).with(namespace, name, service);
        return changed(kind, changed, find(kind, namespace, name), Optional.of(service));
    }

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

    /** Removes a count that becomes zero. */
    private static void count(Map<Family, Integer> showing, Stoppable kind, Optional<KnownService> service, int by) {
        service.filter(KnownService::showsNativeStop)
                .ifPresent(it -> showing.merge(
                        new Family(kind, it.mode()), by, (one, other) -> one + other == 0 ? null : one + other));
    }

    private Namespaced<KnownService> of(Stoppable kind) {
        return byKind.getOrDefault(kind, Namespaced.empty());
    }

    /** Services that KServe can stop from the same release on. */
    private record Family(Stoppable kind, Optional<DeploymentMode> mode) {}

    /**
     * An InferenceService or InferenceGraph, as far as a review needs it.
     *
     * @param uid tells services of the same name apart
     * @param stopped whether the service has the stop annotation; its pods may still run
     * @param mode empty if the service has the cluster's default mode
     * @param showsNativeStop whether the status shows that KServe itself stops services of this kind and mode
     * @param ignored whether the service has the label {@code trimtab.dev/ignore}
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

        /** False for ModelMesh, which has no stop, and for an ignored service. */
        public boolean isToBeDown() {
            return stopped && !isModelMesh(mode) && !ignored;
        }

        /**
         * Whether KServe wrote the condition Stopped. A KServe with a stop writes {@code Stopped=False} on each running
         * service: InferenceServices in Knative mode from 0.15.1 on, in Standard mode from 0.16 on, InferenceGraphs in
         * both modes from 0.16 on. 0.15.1 and 0.15.2 have no stop in Standard mode.
         */
        private static boolean showsNativeStop(Optional<DeploymentMode> mode, Conditions conditions) {
            return !isModelMesh(mode) && conditions.hasStopOfKServe();
        }

        private static boolean isModelMesh(Optional<DeploymentMode> mode) {
            return mode.filter(it -> it == DeploymentMode.MODEL_MESH).isPresent();
        }
    }
}
