package dev.trimtab.policy;

import java.util.Optional;

/**
 * How the containers of a model are probed, each kind by itself.
 *
 * @param readiness whether a pod gets requests
 * @param liveness whether a container is started anew
 * @param startup whether the other two begin
 */
public record Probes(Optional<Handler> readiness, Optional<Handler> liveness, Optional<Handler> startup) {
    static final Probes UNSET = new Probes(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether the policy has none. */
    public boolean isEmpty() {
        return readiness.isEmpty() && liveness.isEmpty() && startup.isEmpty();
    }

    Probes over(Probes earlier) {
        return new Probes(
                readiness.or(earlier::readiness), liveness.or(earlier::liveness), startup.or(earlier::startup));
    }
}
