package dev.trimtab.aibrix;

import dev.trimtab.policy.Aibrix;
import java.util.OptionalInt;

/**
 * One PodAutoscaler and all that a check may know.
 *
 * @param policy what the policy says about checks
 * @param startupSeconds how long a pod of the target takes to start, from an annotation or a profile
 */
public record Examined(
        PodAutoscaler autoscaler, Surroundings surroundings, Aibrix policy, OptionalInt startupSeconds) {}
