package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.AnnotationChange;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.ObjectRef;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.live.RefreshRun.RefreshWrite.Awaited;
import dev.trimtab.cli.live.RefreshRun.RefreshWrite.Written;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Table.Cells;
import dev.trimtab.drift.Inspected;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspector;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Readiness;
import dev.trimtab.drift.RefreshGroup;
import dev.trimtab.drift.Report;
import dev.trimtab.drift.Waves;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.stability.StabilityContract;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refreshes one service, or all services in waves. Each method returns the exit code. */
final class RefreshRun {
    private final RefreshWrite write;
    private final RefreshWait wait;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean dryRun;

    RefreshRun(RefreshWrite write, RefreshWait wait, PrintWriter out, PrintWriter err, boolean dryRun) {
        this.write = write;
        this.wait = wait;
        this.out = out;
        this.err = err;
        this.dryRun = dryRun;
    }

    int one(RefreshGroup roll, boolean waiting) throws BadInput, ApiProblem, InterruptedException {
        blocked(List.of(roll));
        if (roll.refreshed().isEmpty()) {
            if (roll.blocked().isEmpty()) {
                out.println(roll.key() + ": nothing differs from the policy");
            }
            return roll.blocked().isEmpty() ? 0 : TrimtabCommand.NOT_DONE;
        }
        Map<ObjectKey, List<Awaited>> rolling = new LinkedHashMap<>();
        boolean done = refresh(roll, rolling) && (!waiting || wait.areReady(rolling));
        return done && roll.blocked().isEmpty() ? 0 : TrimtabCommand.NOT_DONE;
    }

    int all(Report report, long maxGpus) throws BadInput, ApiProblem, InterruptedException {
        Waves waves = Waves.plan(report.refreshable(), maxGpus);
        boolean blocked = blocked(report.rolls());
        int number = 0;
        for (List<RefreshGroup> wave : waves.waves()) {
            number++;
            long gpus = wave.stream().mapToLong(RefreshGroup::gpuCount).sum();
            out.println("wave %d of %d: %s, %s"
                    .formatted(number, waves.waves().size(), Counted.of(wave.size(), "service"), Counted.gpus(gpus)));
            out.flush();
            Map<ObjectKey, List<Awaited>> rolling = new LinkedHashMap<>();
            for (RefreshGroup roll : wave) {
                if (!refresh(roll, rolling)) {
                    return TrimtabCommand.NOT_DONE;
                }
            }
            if (!wait.areReady(rolling)) {
                err.println("stopped after wave %d of %d; run it again to continue with the services that still differ"
                        .formatted(number, waves.waves().size()));
                return TrimtabCommand.NOT_DONE;
            }
        }
        for (RefreshGroup it : waves.tooLarge()) {
            err.println("%s: skipped: its new pods ask for %s, more than --max-gpus %d"
                    .formatted(it.key(), Counted.gpus(it.gpuCount()), maxGpus));
        }
        if (report.refreshable().isEmpty() && !blocked) {
            out.println("nothing differs from the policy");
        }
        return blocked || !waves.tooLarge().isEmpty() ? TrimtabCommand.NOT_DONE : 0;
    }

    /** Returns false if the refresh failed. */
    private boolean refresh(RefreshGroup roll, Map<ObjectKey, List<Awaited>> rolling) throws BadInput, ApiProblem {
        String what = "%s with %s: %s"
                .formatted(
                        Counted.of(roll.rolled().size(), "revision"),
                        Counted.gpus(roll.gpuCount()),
                        roll.refreshed().stream().map(RefreshRun::fields).collect(Collectors.joining("; ")));
        if (dryRun) {
            out.println("%s: would roll %s".formatted(roll.key(), what));
            return true;
        }
        Written written = write.write(roll);
        if (!written.problem().isEmpty()) {
            err.println(written.problem());
            return false;
        }
        out.println("%s: refreshed: %s".formatted(roll.key(), what));
        out.flush();
        if (!written.awaited().isEmpty()) {
            rolling.put(roll.key(), written.awaited());
        }
        return true;
    }

    private static String fields(Finding finding) {
        return finding.differences().stream()
                .map(it ->
                        "%s %s -> %s".formatted(Cells.field(it.at()), Cells.cell(it.before()), Cells.cell(it.after())))
                .collect(Collectors.joining(", "));
    }

    private boolean blocked(List<RefreshGroup> rolls) {
        boolean any = false;
        for (RefreshGroup roll : rolls) {
            for (Finding it : roll.blocked()) {
                err.println("%s: skipped: %s".formatted(it.key(), it.block()));
                any = true;
            }
        }
        return any;
    }

    static final class RefreshWait {
        private final LiveCluster cluster;
        private final Duration timeout;
        private final PrintWriter out;
        private final PrintWriter err;

        RefreshWait(LiveCluster cluster, Duration timeout, PrintWriter out, PrintWriter err) {
            this.cluster = cluster;
            this.timeout = timeout;
            this.out = out;
            this.err = err;
        }

        /**
         * @param rolling objects to wait for, by service
         * @return whether all are ready; if not, standard error has the reasons
         */
        boolean areReady(Map<ObjectKey, List<Awaited>> rolling) throws ApiProblem, InterruptedException {
            Map<ObjectKey, List<Awaited>> left = new LinkedHashMap<>(rolling);
            Map<ObjectKey, String> missing = new LinkedHashMap<>();
            Poll waiting = new Poll(Progress.on(err), timeout);
            Optional<Boolean> ready = waiting.until(it -> {
                look(left, missing, it);
                return left.isEmpty() ? Optional.of(true) : Optional.empty();
            });
            if (ready.isEmpty()) {
                left.keySet()
                        .forEach(key -> err.println("%s: not ready after %s: %s"
                                .formatted(key, Durations.text(waiting.elapsed()), missing.get(key))));
            }
            return ready.isPresent();
        }

        private void look(Map<ObjectKey, List<Awaited>> left, Map<ObjectKey, String> missing, Poll waiting)
                throws ApiProblem {
            Iterator<Map.Entry<ObjectKey, List<Awaited>>> services =
                    left.entrySet().iterator();
            while (services.hasNext()) {
                Map.Entry<ObjectKey, List<Awaited>> service = services.next();
                Optional<String> reason = missing(service.getKey(), service.getValue());
                if (reason.isPresent()) {
                    missing.put(service.getKey(), reason.get());
                    waiting.show("%s: %s".formatted(service.getKey(), reason.get()));
                } else {
                    services.remove();
                    out.println("%s: ready after %s".formatted(service.getKey(), Durations.text(waiting.elapsed())));
                    out.flush();
                }
            }
        }

        private Optional<String> missing(ObjectKey service, List<Awaited> awaited) throws ApiProblem {
            for (Awaited it : awaited) {
                Optional<Manifest> object = cluster.find(ObjectRef.of(it.key()));
                if (object.isEmpty() && cluster.find(ObjectRef.of(service)).isEmpty()) {
                    // Its owner deleted it: there is nothing to wait for.
                    return Optional.empty();
                }
                Optional<String> missing = object.map(now -> missing(it, now)).orElse(Optional.of("is not there"));
                if (missing.isPresent()) {
                    return missing.map(reason -> it.key().equals(service) ? reason : it.key() + ": " + reason);
                }
            }
            return Optional.empty();
        }

        private static Optional<String> missing(Awaited awaited, Manifest object) {
            return object.metadata().path("generation").asLong() < awaited.generation()
                    ? Optional.of("KServe has not rendered it again yet")
                    : Readiness.missing(object);
        }
    }

    /** Requests the refresh of one service, and checks that Trimtab's webhook did it. */
    static final class RefreshWrite {
        private final LiveCluster cluster;
        private final Inspector inspection;

        RefreshWrite(LiveCluster cluster, Inspector inspection) {
            this.cluster = cluster;
            this.inspection = inspection;
        }

        /**
         * @param awaited objects that must become ready again
         * @param problem why the refresh failed; empty if it did not fail
         */
        record Written(List<Awaited> awaited, String problem) {}

        /** @param generation the object must have this generation or a later one */
        record Awaited(ObjectKey key, long generation) {}

        Written write(RefreshGroup roll) throws BadInput, ApiProblem {
            List<Awaited> awaited = new ArrayList<>();
            boolean written = false;
            Optional<Manifest> whole = find(roll.key());
            for (Finding finding : roll.refreshed()) {
                if (find(finding.key()).isEmpty()) {
                    // It was deleted during an earlier wave.
                    continue;
                }
                boolean renders = finding.key().equals(roll.key());
                List<Awaited> rendered = renders ? next(roll.rendered()) : List.of();
                Changed changed = new AnnotationChange(cluster, ObjectRef.of(finding.key())).apply(this::patch);
                if (changed.after().isEmpty()) {
                    continue;
                }
                String problem = problem(finding, changed.after().get());
                if (!problem.isEmpty()) {
                    return new Written(List.of(), finding.key() + ": " + problem);
                }
                written = true;
                awaited.addAll(rendered);
                long generation = generation(changed.after().get());
                if (generation > generation(changed.before())
                        && !finding.key().kind().isRendered()) {
                    awaited.add(new Awaited(finding.key(), generation));
                }
            }
            // A refresh does not make a service ready that was not ready before. Then only the new revisions are
            // awaited.
            if (written
                    && roll.key().kind().isRendered()
                    && whole.filter(it -> Readiness.missing(it).isEmpty()).isPresent()) {
                awaited.add(new Awaited(roll.key(), 0));
            }
            return new Written(awaited, "");
        }

        /** KServe copies the annotation into the template of each rendered object, which gives it a new generation. */
        private List<Awaited> next(List<Finding> rendered) throws ApiProblem {
            List<Awaited> next = new ArrayList<>();
            for (Finding it : rendered) {
                find(it.key()).ifPresent(object -> next.add(new Awaited(it.key(), generation(object) + 1)));
            }
            return next;
        }

        private Optional<ArrayNode> patch(Manifest object) {
            return inspection.of(object) instanceof Finding now && now.isRefreshed()
                    ? Optional.of(AnnotationPatch.set(
                            object, StabilityContract.REFRESH, Instant.now().toString()))
                    : Optional.empty();
        }

        private String problem(Finding before, Manifest after) {
            Inspected look = inspection.of(after);
            if (!(look instanceof Finding left) || !left.differs()) {
                return "";
            }
            boolean asBefore = left.differences().stream().allMatch(it -> before.differences().stream()
                    .anyMatch(was -> was.at().equals(it.at()) && was.before().equals(it.before())));
            return asBefore && left.differences().size() == before.differences().size()
                    ? "the annotation is stored, but nothing was filled: Trimtab's webhook did not answer (is it running?)"
                    : "filled, but with other values than planned: has the policy changed in the meantime? See trimtab scan";
        }

        private Optional<Manifest> find(ObjectKey key) throws ApiProblem {
            return cluster.find(ObjectRef.of(key));
        }

        private static long generation(Manifest object) {
            return object.metadata().path("generation").asLong();
        }
    }
}
