package dev.trimtab.controller.scan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.ControllerSettings.Exclusions;
import dev.trimtab.controller.scan.ScanMetrics.Counted;
import dev.trimtab.drift.Inspector;
import dev.trimtab.drift.Scanned;
import dev.trimtab.drift.Standing;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Counts what {@code trimtab scan} finds: when a leader begins, after a change of the policy, and every {@link #AGAIN}. */
public final class ServiceScan {
    /** Interval between two checks whether a scan is due, which read memory only. */
    public static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofMinutes(10);

    /** The shortest time between two scans. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** Objects between two pauses. */
    private static final int MANY = 100;

    private final RawClient objects;
    private final ControllerSettings settings;
    private final ScanMetrics metrics;
    private final Clock clock;
    private final BooleanSupplier leads;
    private Instant begun = Instant.EPOCH;
    private Instant ended = Instant.EPOCH;
    private Optional<Asked> asked = Optional.empty();

    /** A change of it changes the result. */
    private record Asked(Policy policy, KnativeConfig knative) {}

    public ServiceScan(
            RawClient objects, ControllerSettings settings, ScanMetrics metrics, Clock clock, BooleanSupplier leads) {
        this.objects = objects;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.leads = leads;
    }

    /** Scans if a scan is due. A failed one is tried again after {@link #SHORTEST}. */
    public void reconcile() {
        Settings now = settings.snapshot().get();
        Optional<Asked> by = Optional.of(new Asked(now.policy(), now.knative()));
        Instant moment = clock.instant();
        boolean due = !asked.equals(by) || !moment.isBefore(ended.plus(AGAIN));
        if (!due || moment.isBefore(begun.plus(SHORTEST))) {
            return;
        }
        begun = moment;
        Map<Counted, Long> counted = new Pass(now).run();
        if (leads.getAsBoolean()) {
            ended = clock.instant();
            asked = by;
            metrics.counted(counted, ended);
        }
    }

    /** One scan. It rests as long as it works: it may take half a core, however large the cluster is. */
    private final class Pass {
        private final Exclusions exclusions = new Exclusions(objects, settings.excludedNamespaces());
        private final Map<String, Boolean> excluded = new HashMap<>();
        private final Map<Counted, Long> counted = new HashMap<>();
        private final KnativeConfig knative;
        private final Inspector inspector;
        private long resumed = System.nanoTime();
        private int seen;

        Pass(Settings now) {
            knative = now.knative();
            inspector = new Inspector(new Reviewer(settings.excludedNamespaces()), now, Optional.empty());
        }

        Map<Counted, Long> run() {
            for (Scanned kind : Scanned.values()) {
                objects.each(kind.resource(), "", kind.selector(), item -> {
                    if (item instanceof ObjectNode object) {
                        kind.read(object).ifPresent(it -> count(kind, it));
                        rest();
                    }
                });
            }
            return counted;
        }

        private void count(Scanned kind, Manifest stored) {
            boolean left = excluded.computeIfAbsent(stored.namespace(), exclusions::isNamespace);
            Standing standing = left ? Standing.SKIPPED : Standing.of(stored, inspector.of(stored), knative);
            counted.merge(new Counted(kind, standing), 1L, Long::sum);
        }

        private void rest() {
            if (++seen % MANY == 0) {
                LockSupport.parkNanos(System.nanoTime() - resumed);
                resumed = System.nanoTime();
            }
        }
    }
}
