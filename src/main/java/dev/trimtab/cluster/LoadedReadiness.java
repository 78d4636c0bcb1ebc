package dev.trimtab.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once policy and configuration have been read for the first time. Stays ready if the policy is invalid (mode
 * Audit applies) or the API server is away: reviews go on. The data names the policy in force, and what is awaited or
 * missing.
 */
@Readiness
@ApplicationScoped
public class LoadedReadiness implements HealthCheck {
    private final CurrentSettings settings;
    private final PolicyInForce policy;
    private final ClusterWatch watch;

    LoadedReadiness(CurrentSettings settings, PolicyInForce policy, ClusterWatch watch) {
        this.settings = settings;
        this.policy = policy;
        this.watch = watch;
    }

    @Override
    public HealthCheckResponse call() {
        boolean loaded = settings.isLoaded();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("policy and cluster configuration read")
                .status(loaded)
                .withData("policy", loaded ? policy.origin() : "not read yet")
                .withData("policy hash", policy.hash());
        names(response, "waits for", watch.waitingFor());
        names(response, "not there", watch.missing());
        return response.build();
    }

    private static void names(HealthCheckResponseBuilder response, String what, List<String> names) {
        if (!names.isEmpty()) {
            response.withData(what, String.join(", ", names));
        }
    }
}
