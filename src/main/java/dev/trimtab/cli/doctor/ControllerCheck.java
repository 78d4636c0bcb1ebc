package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Whether a controller acts. */
final class ControllerCheck implements Check {
    /** The clocks of a node and of this machine may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "controller";
    }

    @Override
    public String about() {
        return "if the controller is installed, one of its pods holds the Lease, and renews it";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        String namespace = cluster.places().trimtab();
        String where = "Lease %s/trimtab-controller".formatted(namespace);
        if (cluster.isKnown(Source.CONTROLLER) && !cluster.exists(Source.CONTROLLER)) {
            return List.of(Finding.fine(
                    "Deployment %s/trimtab-controller".formatted(namespace),
                    "is not installed: KServe alone stops services"));
        }
        Optional<String> unread = cluster.unread(Source.CONTROLLER, Source.LEASE);
        if (unread.isPresent()) {
            return List.of(Finding.unchecked(where, unread.get()));
        }
        JsonNode lease = cluster.value(Source.LEASE).path("spec");
        String holder = lease.path("holderIdentity").asText("");
        String look = "kubectl -n %s logs deployment/trimtab-controller".formatted(namespace);
        if (holder.isEmpty()) {
            return List.of(Finding.problem(
                    where,
                    "nobody holds it: stopped services are not released, and nothing is reported in Events",
                    look));
        }
        Duration age =
                renewed(lease).map(it -> Duration.between(it, cluster.at())).orElse(Duration.ofDays(1));
        if (age.compareTo(SKEW.plusSeconds(lease.path("leaseDurationSeconds").asInt(15))) > 0) {
            return List.of(Finding.problem(
                    where, "%s holds it, and has not renewed it for %d s".formatted(holder, age.toSeconds()), look));
        }
        return List.of(Finding.fine(where, "%s holds it, and renews it".formatted(holder)));
    }

    private static Optional<Instant> renewed(JsonNode lease) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(lease.path("renewTime").asText()).toInstant());
        } catch (DateTimeException unset) {
            return Optional.empty();
        }
    }
}
