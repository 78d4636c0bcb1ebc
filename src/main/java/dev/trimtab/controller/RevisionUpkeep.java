package dev.trimtab.controller;

import dev.trimtab.controller.Announcer.News;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Has Revisions repaired when {@code config-autoscaler} changes, when a leader begins, and from time to time. */
final class RevisionUpkeep implements RepairListener {
    /** Between two looks at what config-autoscaler says, which is in memory. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** For a Revision that was made while the change was on its way. */
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final RevisionRepairs repairs;
    private final Rulebook rulebook;
    private final Announcer announcer;
    private final Counter counter;
    private final Clock clock;
    private Optional<AutoscalerConfig> done = Optional.empty();
    private Instant last = Instant.EPOCH;

    RevisionUpkeep(Objects objects, Rulebook rulebook, Announcer announcer, Counter counter, Clock clock) {
        OffLimits offLimits = new OffLimits(objects, rulebook.excludedNamespaces());
        this.repairs = new RevisionRepairs(objects, offLimits::isNamespace, this);
        this.rulebook = rulebook;
        this.announcer = announcer;
        this.counter = counter;
        this.clock = clock;
    }

    void look() {
        KnativeConfig now = rulebook.knative().get();
        boolean same = done.equals(Optional.of(now.autoscaler()));
        if (rulebook.isAudit() || (same && clock.instant().isBefore(last.plus(AGAIN)))) {
            return;
        }
        int unused = repairs.run(now);
        done = Optional.of(now.autoscaler());
        last = clock.instant();
    }

    @Override
    public void repaired(Manifest revision, String reason) {
        counter.increment();
        announcer.say(revision, News.normal("RevisionRepaired", reason, clock.instant()));
    }

    @Override
    public void refused(Manifest revision, String why) {
        // Not by the moment: a refusal that stays is said once.
        announcer.say(revision, News.warning("RevisionRefused", why, Instant.EPOCH));
    }
}
