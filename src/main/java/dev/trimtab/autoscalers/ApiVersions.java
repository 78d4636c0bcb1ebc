package dev.trimtab.autoscalers;

import java.util.Map;
import java.util.Optional;

/**
 * What an {@code apiVersion} that was left out can only be. AIBrix cannot find the resource without it
 * (podautoscaler_controller.go 1040-1052).
 */
final class ApiVersions {
    private static final Map<String, String> KNOWN = Map.of(
            "Deployment", "apps/v1",
            "StatefulSet", "apps/v1",
            "ReplicaSet", "apps/v1",
            "StormService", "orchestration.aibrix.ai/v1alpha1");

    private ApiVersions() {}

    static Optional<String> of(String kind) {
        return Optional.ofNullable(KNOWN.get(kind));
    }
}
