package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * At {@code maxReplicas} the pods of the Deployment would ask for more GPUs than a ResourceQuota of the namespace
 * allows ({@code requests.nvidia.com/gpu} and the like): the last ones never start.
 */
final class GpuQuotaCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A19;
    }

    @Override
    public List<Problem> find(Examined examined) {
        OptionalInt max = examined.autoscaler().number("maxReplicas");
        Optional<Target> target = examined.autoscaler().target();
        List<Problem> problems = new ArrayList<>();
        target.filter(it -> max.isPresent())
                .flatMap(examined.surroundings()::workloadOf)
                .map(it -> it.gpus().byResource())
                .orElse(Map.of())
                .forEach((resource, ofPod) -> examined.surroundings()
                        .quotaOf(target.orElseThrow().namespace(), resource)
                        .filter(quota -> quota.compareTo(ofPod.multiply(BigDecimal.valueOf(max.getAsInt()))) < 0)
                        .ifPresent(quota -> problems.add(new Problem(
                                id(),
                                "spec.maxReplicas",
                                "max=" + max.getAsInt() + " " + resource,
                                "%d pods with %s %s each are more than the %s that the namespace's ResourceQuota allows: at most %s start"
                                        .formatted(
                                                max.getAsInt(),
                                                ofPod.toPlainString(),
                                                resource,
                                                quota.toPlainString(),
                                                quota.divideToIntegralValue(ofPod)
                                                        .toPlainString())))));
        return problems;
    }
}
