package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.AnnotationChange;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.ObjectRef;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.drift.LeavePlan;
import dev.trimtab.drift.LeavePlanner;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Readiness;
import dev.trimtab.drift.Waves;
import dev.trimtab.gpu.GpuRoom;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.stability.LeftRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Releases objects from Trimtab, as many at once as the GPU limit allows, and at most {@code Waves.AT_ONCE}. The next
 * one starts as soon as there is room. An object that is not ready in time is reported, and keeps its room until
 * nothing else can start without it.
 */
final class LeaveRun {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Write write;
    private final Limits limits;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Progress progress;
    private final List<LeavePlan> waiting = new ArrayList<>();
    private final List<Flight> flights = new ArrayList<>();
    private final Map<ObjectKey, Long> tried = new HashMap<>();
    private final Set<ObjectKey> failed = new TreeSet<>();

    /**
     * @param gpus most GPUs of new pods that may be starting at any moment
     * @param timeout longest wait for each object
     * @param kserve time that KServe has to write its own template before Trimtab writes it
     */
    record Limits(long gpus, Duration timeout, Duration kserve) {}

    LeaveRun(Write write, Limits limits, PrintWriter out, PrintWriter err) {
        this.write = write;
        this.limits = limits;
        this.out = out;
        this.err = err;
        this.progress = Progress.on(err);
    }

    /** @return objects that could not leave, or are not ready */
    Set<ObjectKey> run(List<LeavePlan> departures) throws InterruptedException {
        for (LeavePlan it : departures) {
            switch (it.outcome()) {
                case STARTING -> flights.add(Flight.started(it));
                case ROLLS, STAYS, BLOCKED -> waiting.add(it);
                case LEFT -> {}
            }
        }
        while (!waiting.isEmpty() || flights.stream().anyMatch(it -> !it.isLate())) {
            boolean started = start();
            flights.removeIf(this::isOver);
            if (!started) {
                Thread.sleep(PAUSE.toMillis());
            }
        }
        progress.end();
        return failed;
    }

    private long room() {
        return limits.gpus() - flights.stream().mapToLong(Flight::gpuCount).sum();
    }

    /** @return whether objects started, and none of them has to wait again */
    private boolean start() {
        waiting.sort(null);
        long inTime = flights.stream().filter(it -> !it.isLate()).count();
        List<LeavePlan> next = GpuRoom.next(
                waiting, it -> Math.min(it.gpuCount(), tooMany(it)), room(), (int) (Waves.AT_ONCE - inTime));
        if (next.isEmpty() && inTime == 0 && !waiting.isEmpty()) {
            err.println("%s: no longer counted, so that the others can leave"
                    .formatted(flights.stream().map(it -> it.key().toString()).collect(Collectors.joining(", "))));
            flights.clear();
        }
        waiting.removeAll(next);
        int before = waiting.size();
        next.forEach(this::depart);
        out.flush();
        return !next.isEmpty() && waiting.size() == before;
    }

    /** An object that will be skipped needs no room. */
    private long tooMany(LeavePlan departure) {
        return departure.gpuCount() > limits.gpus() ? 0 : departure.gpuCount();
    }

    private void depart(LeavePlan planned) {
        ObjectKey key = planned.key();
        long now = System.nanoTime();
        tried.putIfAbsent(key, now);
        try {
            Optional<Manifest> object = write.find(key);
            Optional<LeavePlan> departure = object.isPresent() ? write.look(object.get()) : Optional.empty();
            if (departure.isPresent()) {
                depart(departure.get(), object.get());
            }
        } catch (ApiProblem problem) {
            boolean again = problem.isPassing() || problem.mayBeConflict();
            if (again && now - tried.get(key) < limits.timeout().toNanos()) {
                progress.show("%s: %s".formatted(key, problem.getMessage()));
                waiting.add(planned);
            } else {
                fail(key, problem.getMessage());
            }
        }
    }

    /** Acts on the current state of the object, which may differ from the plan. */
    private void depart(LeavePlan departure, Manifest object) throws ApiProblem {
        ObjectKey key = departure.key();
        switch (departure.outcome()) {
            case BLOCKED -> fail(key, departure.because());
            case STAYS -> {
                write.release(key);
                out.println("%s: has left; its pods stay".formatted(key));
            }
            case ROLLS -> roll(departure, object);
            case STARTING -> flights.add(Flight.started(departure));
            case LEFT -> {}
        }
    }

    private void roll(LeavePlan departure, Manifest object) throws ApiProblem {
        ObjectKey key = departure.key();
        if (departure.gpuCount() > limits.gpus()) {
            fail(
                    key,
                    "its new pods ask for %s, more than --max-gpus %d"
                            .formatted(Counted.gpus(departure.gpuCount()), limits.gpus()));
            return;
        }
        if (departure.gpuCount() > room()) {
            waiting.add(departure);
            return;
        }
        if (write.release(key).isEmpty()) {
            return;
        }
        out.println("%s: leaves: %s with %s: %s"
                .formatted(
                        key,
                        Counted.of(departure.pods(), "new pod"),
                        Counted.gpus(departure.gpuCount()),
                        LeaveReport.fields(departure)));
        // KServe merges its Deployments into the stored ones and removes no field. Waiting for KServe changes nothing.
        boolean merged = key.kind() == Kind.DEPLOYMENT;
        flights.add(Flight.released(departure, object, merged ? Duration.ZERO : limits.kserve()));
    }

    /** @return whether there is nothing more to wait for */
    private boolean isOver(Flight flight) {
        ObjectKey key = flight.key();
        try {
            Optional<Manifest> object = write.find(key);
            if (object.isEmpty()) {
                // Its owner deleted it: there is nothing to wait for.
                failed.remove(key);
                return true;
            }
            Optional<String> missing =
                    flight.hasRolled() ? Readiness.missing(object.get()) : roll(flight, object.get());
            missing.ifPresent(flight::waitsFor);
            if (missing.isEmpty()) {
                if (!flight.hasRolled()) {
                    return true;
                }
                failed.remove(key);
                out.println("%s: ready after %s".formatted(key, Durations.text(flight.elapsed())));
                out.flush();
                return true;
            }
        } catch (ApiProblem problem) {
            if (!problem.isPassing() && !problem.mayBeConflict()) {
                fail(key, problem.getMessage());
                return true;
            }
            flight.waitsFor(problem.getMessage());
        }
        progress.show("%s: %s (%s)".formatted(key, flight.missing(), Durations.text(flight.elapsed())));
        if (!flight.isLate() && flight.elapsed().compareTo(limits.timeout()) >= 0) {
            flight.isLateNow();
            fail(key, "not ready after %s: %s".formatted(Durations.text(flight.elapsed()), flight.missing()));
        }
        return false;
    }

    /** @return what the object waits for; empty if its change was refused and it was returned to Trimtab */
    private Optional<String> roll(Flight flight, Manifest object) throws ApiProblem {
        ObjectKey key = flight.key();
        if (flight.isRendered(object)) {
            write.markFinished(key);
        } else if (!flight.isOurTurn()) {
            return Optional.of("KServe has not rendered it again yet");
        } else {
            try {
                write.finish(key);
            } catch (ApiProblem refused) {
                if (refused.isPassing() || refused.isConflict()) {
                    throw refused;
                }
                write.takeBack(key);
                fail(key, refused.getMessage());
                return Optional.empty();
            }
        }
        flight.rolled();
        return Optional.of("Knative has not processed the change yet");
    }

    private void fail(ObjectKey key, String because) {
        failed.add(key);
        err.println("%s: %s".formatted(key, because));
        err.flush();
    }

    /** An object that is leaving, whose new pods are not ready yet. */
    static final class Flight {
        private final LeavePlan departure;
        private final long generation;
        private final Duration kserve;
        private final long start = System.nanoTime();
        private boolean rolled;
        private boolean late;
        private String missing = "";

        private Flight(LeavePlan departure, long generation, Duration kserve, boolean rolled) {
            this.departure = departure;
            this.generation = generation;
            this.kserve = kserve;
            this.rolled = rolled;
        }

        /** An object that an earlier run released. */
        static Flight started(LeavePlan departure) {
            return new Flight(departure, 0, Duration.ZERO, true);
        }

        /** An object that is released but still has Trimtab's values. */
        static Flight released(LeavePlan departure, Manifest object, Duration kserve) {
            return new Flight(departure, generation(object), kserve, false);
        }

        ObjectKey key() {
            return departure.key();
        }

        long gpuCount() {
            return departure.gpuCount();
        }

        boolean hasRolled() {
            return rolled;
        }

        void rolled() {
            rolled = true;
        }

        /** Whether KServe has written its own template: a field that Trimtab had set has another value. */
        boolean isRendered(Manifest object) {
            return generation(object) > generation
                    && departure.taken().stream()
                            .anyMatch(it -> !ServiceRules.isSame(
                                    it.stored(), object.root().at(it.at())));
        }

        boolean isOurTurn() {
            return elapsed().compareTo(kserve) >= 0;
        }

        boolean isLate() {
            return late;
        }

        void isLateNow() {
            late = true;
        }

        /** What the object waits for, as its controller or the API server reports it. */
        String missing() {
            return missing;
        }

        void waitsFor(String what) {
            missing = what;
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        private static long generation(Manifest object) {
            return object.metadata().path("generation").asLong();
        }
    }

    /** Reads and writes one leaving object. A write requires the version that was read; a conflict is retried. */
    static final class Write {
        private final LiveCluster cluster;
        private final LeavePlanner leaving;

        Write(LiveCluster cluster, LeavePlanner leaving) {
            this.cluster = cluster;
            this.leaving = leaving;
        }

        private interface Change {
            ObjectNode of(Manifest object) throws ApiProblem;
        }

        /** Empty if the object is gone. */
        Optional<Manifest> find(ObjectKey key) throws ApiProblem {
            return cluster.find(ObjectRef.of(key));
        }

        /** Returns the plan for the object as it is now. Empty if nothing of Trimtab is on it. */
        Optional<LeavePlan> look(Manifest object) throws ApiProblem {
            return leaving.of(object, owner(object));
        }

        /** First write: moves the record and removes fills outside the spec. Nothing rolls. Empty if it is gone. */
        Optional<Manifest> release(ObjectKey key) throws ApiProblem {
            return write(key, object -> leaving.released(object, owner(object)));
        }

        /** Second write: removes the other fills, so that the object rolls. Empty if the object is gone. */
        Optional<Manifest> finish(ObjectKey key) throws ApiProblem {
            return write(key, object -> leaving.finished(object, owner(object)));
        }

        /** After a write of KServe: marks the object as finished, whatever its values are. */
        Optional<Manifest> markFinished(ObjectKey key) throws ApiProblem {
            return write(key, object -> changed(object, LeftRecord::finish));
        }

        Optional<Manifest> takeBack(ObjectKey key) throws ApiProblem {
            return write(key, object -> changed(object, LeftRecord::takeBack));
        }

        private Optional<Manifest> owner(Manifest object) throws ApiProblem {
            Optional<ObjectKey> key = ObjectKey.ofOwner(object);
            return key.isPresent() ? find(key.get()) : Optional.empty();
        }

        private static ObjectNode changed(Manifest object, Consumer<ObjectNode> change) {
            ObjectNode changed = object.root().deepCopy();
            change.accept(changed);
            return changed;
        }

        private Optional<Manifest> write(ObjectKey key, Change change) throws ApiProblem {
            try {
                Changed written = new AnnotationChange(cluster, ObjectRef.of(key)).apply(object -> {
                    ArrayNode changes = Pointers.diff(object.root(), change.of(object));
                    return changes.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    AnnotationPatch.onlyIfUnchanged(object).addAll(changes));
                });
                return Optional.of(written.after().orElse(written.before()));
            } catch (BadInput gone) {
                return Optional.empty();
            }
        }
    }
}
