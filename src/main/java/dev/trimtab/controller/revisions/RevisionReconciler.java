package dev.trimtab.controller.revisions;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.ControllerSettings.Exclusions;
import dev.trimtab.controller.revisions.RevisionRepairs.RepairListener;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Repairs Revisions when {@code config-autoscaler} changes, when a leader begins, and every {@link #AGAIN}. */
public final class RevisionReconciler implements RepairListener {
    /** Interval between two checks of config-autoscaler, which is in memory. */
    public static final Duration PAUSE = Duration.ofSeconds(2);

    /** Interval between two repairs without a change: a Revision may be created while a change is on its way. */
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final RevisionRepairs repairs;
    private final ControllerSettings settings;
    private final EventRecorder events;
    private final Counter counter;
    private final Clock clock;
    private Optional<AutoscalerConfig> done = Optional.empty();
    private Instant last = Instant.EPOCH;

    public RevisionReconciler(
            RawClient objects, ControllerSettings settings, EventRecorder events, Counter counter, Clock clock) {
        Exclusions exclusions = new Exclusions(objects, settings.excludedNamespaces());
        this.repairs = new RevisionRepairs(objects, exclusions::isNamespace, this);
        this.settings = settings;
        this.events = events;
        this.counter = counter;
        this.clock = clock;
    }

    public void reconcile() {
        KnativeConfig now = settings.knative().get();
        boolean same = done.equals(Optional.of(now.autoscaler()));
        if (settings.isAudit() || (same && clock.instant().isBefore(last.plus(AGAIN)))) {
            return;
        }
        int unused = repairs.run(now);
        done = Optional.of(now.autoscaler());
        last = clock.instant();
    }

    @Override
    public void repaired(Manifest revision, String reason) {
        counter.increment();
        events.record(revision, EventNote.normal("RevisionRepaired", reason, clock.instant()));
    }

    @Override
    public void refused(Manifest revision, String why) {
        // No moment, so that a lasting refusal is posted once.
        events.record(revision, EventNote.warning("RevisionRefused", why, Instant.EPOCH));
    }
}
