package dev.trimtab.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once policy and configuration have been read. It stays green when a later policy is invalid or the API server
 * is away: the last good ones are in force, and reviews go on.
 */
@Readiness
@ApplicationScoped
public class LoadedReadiness implements HealthCheck {
    private final CurrentSettings settings;

    LoadedReadiness(CurrentSettings settings) {
        this.settings = settings;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("policy and cluster configuration read")
                .status(settings.isLoaded())
                .build();
    }
}
