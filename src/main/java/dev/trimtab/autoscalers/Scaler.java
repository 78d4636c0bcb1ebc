package dev.trimtab.autoscalers;

/**
 * Somebody besides AIBrix who writes the replicas of a target.
 *
 * @param what such as {@code HorizontalPodAutoscaler llama}
 */
public record Scaler(String what, Target target) {}
