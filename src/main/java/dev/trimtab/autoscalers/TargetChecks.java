package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.ClusterView.Scaler;
import dev.trimtab.autoscalers.PodAutoscaler.Target;
import dev.trimtab.autoscalers.Problem.Fault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

final class TargetChecks {
    /** RoleSets are what a StormService is made of (types/podautoscaler_types.go). */
    private static final Set<String> WITH_ROLES = Set.of("StormService", "RoleSet");

    private TargetChecks() {}

    /**
     * Two PodAutoscalers scale one target (the same namespace, kind, name and role, whatever the spelling of the
     * version). Both write its replicas; AIBrix lets the one go on that it has seen first, and after a restart of its
     * controller that may be the other (podautoscaler_controller.go 361-390).
     *
     * <p>Keep one of them, or give each a target or a role of its own.
     */
    static List<Fault> duplicateTarget(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        return input.othersOfItsTarget().stream()
                .filter(other -> other.role().equals(one.role()))
                .map(other -> new Fault(
                        "/spec/scaleTargetRef",
                        one.target().orElseThrow() + one.role(),
                        "%s is scaled by %s too: AIBrix heeds the one that it saw first; keep one of them"
                                .formatted(one.target().orElseThrow(), other)))
                .toList();
    }

    /**
     * One PodAutoscaler scales a role of a StormService and another one the whole of it: both decide how many pods the
     * role has.
     *
     * <p>Scale each role by a PodAutoscaler of its own, or the whole by one.
     */
    static List<Fault> roleAndWhole(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        return input.othersOfItsTarget().stream()
                .filter(other -> other.role().isEmpty() != one.role().isEmpty())
                .map(other -> new Fault(
                        "/spec/subTargetSelector/roleName",
                        one.target().orElseThrow() + "/" + one.role(),
                        "%s scales %s of %s: both decide on the same pods; scale by role or as a whole"
                                .formatted(
                                        other,
                                        other.role().isEmpty() ? "the whole" : "role " + other.role(),
                                        one.target().orElseThrow())))
                .toList();
    }

    /**
     * The target is in another namespace than the PodAutoscaler. AIBrix writes there (workload_scale.go 192-214), and
     * looks for conflicts in its own (buildScalingTargetKey), so nobody sees that two scale it.
     *
     * <p>Put the PodAutoscaler into the namespace of its target, and leave the field out.
     */
    static List<Fault> otherNamespace(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        String other = one.reference().path("namespace").asText("");
        return other.isEmpty() || other.equals(one.namespace())
                ? List.of()
                : List.of(new Fault(
                        "/spec/scaleTargetRef/namespace",
                        other,
                        "%s is not its own namespace %s: conflicts there go unseen; create it in %s, without this field"
                                .formatted(other, one.namespace(), other)));
    }

    /**
     * The target has no {@code apiVersion}, and AIBrix finds no resource without it (podautoscaler_controller.go
     * 1040-1052). Trimtab fills it for a Deployment, StatefulSet, ReplicaSet and StormService; of any other kind it
     * cannot know it.
     *
     * <p>Write it, such as {@code apps/v1}.
     */
    static List<Fault> apiVersion(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        String kind = one.reference().path("kind").asText("");
        boolean missing = one.reference().path("apiVersion").asText("").isEmpty();
        return !missing || kind.isEmpty() || PodAutoscaler.apiVersionOf(kind).isPresent()
                ? List.of()
                : List.of(new Fault(
                        "/spec/scaleTargetRef/apiVersion",
                        kind,
                        "is missing: AIBrix finds no %s without it, and nothing is scaled; write it".formatted(kind)));
    }

    /**
     * The bounds cannot be: a minimum below 0 or above the maximum, or a maximum that is not above 0. AIBrix's own
     * webhook refuses that too, where it runs.
     *
     * <p>Write {@code 0 <= minReplicas <= maxReplicas}, and a maximum of at least 1.
     */
    static List<Fault> bounds(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        int min = one.minReplicas();
        OptionalInt max = one.number("maxReplicas");
        if (max.isPresent() && max.getAsInt() <= 0) {
            return List.of(
                    new Fault("/spec/maxReplicas", "max=" + max, "is not above 0: nothing could run; write 1 or more"));
        }
        if (min < 0) {
            return List.of(new Fault("/spec/minReplicas", "min=" + min, "is below 0: write 0 or more"));
        }
        if (max.isPresent() && min > max.getAsInt()) {
            String message = "%d is above maxReplicas %d: AIBrix scales nothing then; lower it or raise maxReplicas"
                    .formatted(min, max.getAsInt());
            return List.of(new Fault("/spec/minReplicas", "min=" + min + " max=" + max, message));
        }
        return List.of();
    }

    /**
     * With the HPA strategy a minimum of 0 is left out of the HorizontalPodAutoscaler that AIBrix makes, and
     * Kubernetes takes 1.
     *
     * <p>Write 1, or take KPA or APA with {@code scale-to-zero}.
     */
    static List<Fault> minimumOfHpa(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        return one.minReplicas() == 0 && one.strategy().equals("HPA")
                ? List.of(new Fault(
                        "/spec/minReplicas",
                        "0",
                        "0 becomes 1 with scalingStrategy HPA: write 1, or take KPA or APA to scale to zero"))
                : List.of();
    }

    /**
     * {@code subTargetSelector} names a role, and the target is no StormService: no other kind has roles, and the
     * metrics of no pod are found (aibrix#2591).
     *
     * <p>Leave it out.
     */
    static List<Fault> roleOfNone(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        String kind = one.reference().path("kind").asText("");
        return one.role().isEmpty() || kind.isEmpty() || WITH_ROLES.contains(kind)
                ? List.of()
                : List.of(new Fault(
                        "/spec/subTargetSelector/roleName",
                        kind + "/" + one.role(),
                        "a %s has no roles, so no pod is found for the metrics: leave it out".formatted(kind)));
    }

    /**
     * Somebody else writes the replicas of the target: a HorizontalPodAutoscaler, a ScaledObject of KEDA, or the owner
     * of the Deployment, which is Knative for a Revision and KServe for an InferenceService. Each undoes what the
     * other has done.
     *
     * <p>Let one of them scale it; for a service of KServe or Knative that is {@code minReplicas}, {@code maxReplicas}
     * and its autoscaler.
     */
    static List<Fault> otherScaler(CheckInput input) {
        Optional<Target> target = input.autoscaler().target();
        if (target.isEmpty()) {
            return List.of();
        }
        Target it = target.get();
        Stream<String> owners =
                input
                        .cluster()
                        .workloadOf(it)
                        .map(ClusterView.Workload::owner)
                        .filter(owner -> !owner.isEmpty())
                        .stream();
        return Stream.concat(input.cluster().scalersOf(it).map(Scaler::what), owners)
                .map(what -> new Fault(
                        "/spec/scaleTargetRef",
                        it + " " + what,
                        "%s is scaled by %s too: each undoes the other; keep one".formatted(it, what)))
                .toList();
    }

    /**
     * At {@code maxReplicas} the pods of the Deployment would ask for more GPUs than a ResourceQuota of the namespace
     * allows ({@code requests.nvidia.com/gpu} and the like): the last ones never start.
     */
    static List<Fault> gpuQuota(CheckInput input) {
        OptionalInt max = input.autoscaler().number("maxReplicas");
        Optional<Target> target = input.autoscaler().target();
        List<Fault> faults = new ArrayList<>();
        target.filter(it -> max.isPresent())
                .flatMap(input.cluster()::workloadOf)
                .map(it -> it.gpus().byResource())
                .orElse(Map.of())
                .forEach((resource, ofPod) -> input.cluster()
                        .quotaOf(target.orElseThrow().namespace(), resource)
                        .filter(quota -> quota.compareTo(ofPod.multiply(BigDecimal.valueOf(max.getAsInt()))) < 0)
                        .ifPresent(quota -> faults.add(new Fault(
                                "/spec/maxReplicas",
                                "max=" + max.getAsInt() + " " + resource,
                                "%d pods with %s %s each are more than the %s that the namespace's ResourceQuota allows: at most %s start"
                                        .formatted(
                                                max.getAsInt(),
                                                ofPod.toPlainString(),
                                                resource,
                                                quota.toPlainString(),
                                                quota.divideToIntegralValue(ofPod)
                                                        .toPlainString())))));
        return faults;
    }
}
