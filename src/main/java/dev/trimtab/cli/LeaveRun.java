package dev.trimtab.cli;

import dev.trimtab.drift.Departure;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Readiness;
import dev.trimtab.drift.Waves;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes objects out of Trimtab's hands, as many at once as their new pods' GPUs allow. A new one starts as soon as there is
 * room. One that is not ready in its time is named; it keeps its room until nothing else can go on without it.
 */
final class LeaveRun {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LeaveWrite write;
    private final Limits limits;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Progress progress;
    private final List<Departure> waiting = new ArrayList<>();
    private final List<LeaveFlight> flights = new ArrayList<>();
    private final Map<ObjectKey, Long> tried = new HashMap<>();
    private final Set<ObjectKey> failed = new TreeSet<>();

    /**
     * What it keeps to.
     *
     * @param gpus how many GPUs of new pods may be starting at any moment
     * @param timeout for each object
     * @param kserve how long KServe has to write its own template, before we do
     */
    record Limits(long gpus, Duration timeout, Duration kserve) {}

    LeaveRun(LeaveWrite write, Limits limits, PrintWriter out, PrintWriter err) {
        this.write = write;
        this.limits = limits;
        this.out = out;
        this.err = err;
        this.progress = Progress.on(err);
    }

    /** @return those that could not leave, or are not ready */
    Set<ObjectKey> run(List<Departure> departures) throws InterruptedException {
        for (Departure it : departures) {
            switch (it.outcome()) {
                case STARTING -> flights.add(LeaveFlight.started(it));
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
        return limits.gpus() - flights.stream().mapToLong(LeaveFlight::cards).sum();
    }

    /** @return whether any did */
    private boolean start() {
        waiting.sort(null);
        long inTime = flights.stream().filter(it -> !it.isLate()).count();
        List<Departure> next =
                Waves.next(waiting, it -> Math.min(it.cards(), tooMany(it)), room(), (int) (Waves.AT_ONCE - inTime));
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

    /** What will be refused needs no room. */
    private long tooMany(Departure departure) {
        return departure.cards() > limits.gpus() ? 0 : departure.cards();
    }

    private void depart(Departure planned) {
        ObjectKey key = planned.key();
        long now = System.nanoTime();
        tried.putIfAbsent(key, now);
        try {
            Optional<Manifest> object = write.find(key);
            Optional<Departure> departure = object.isPresent() ? write.look(object.get()) : Optional.empty();
            if (departure.isPresent()) {
                depart(departure.get(), object.get());
            }
        } catch (ClusterProblem problem) {
            boolean again = problem.isPassing() || problem.mayBeConflict();
            if (again && now - tried.get(key) < limits.timeout().toNanos()) {
                progress.show("%s: %s".formatted(key, problem.getMessage()));
                waiting.add(planned);
            } else {
                fail(key, problem.getMessage());
            }
        }
    }

    /** As it is by now. */
    private void depart(Departure departure, Manifest object) throws ClusterProblem {
        ObjectKey key = departure.key();
        switch (departure.outcome()) {
            case BLOCKED -> fail(key, departure.because());
            case STAYS -> {
                write.release(key);
                out.println("%s: out; its pods stay".formatted(key));
            }
            case ROLLS -> roll(departure, object);
            case STARTING -> flights.add(LeaveFlight.started(departure));
            case LEFT -> {}
        }
    }

    private void roll(Departure departure, Manifest object) throws ClusterProblem {
        ObjectKey key = departure.key();
        if (departure.cards() > limits.gpus()) {
            fail(
                    key,
                    "its new pods ask for %s, more than --max-gpus %d"
                            .formatted(Counted.gpus(departure.cards()), limits.gpus()));
            return;
        }
        if (departure.cards() > room()) {
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
                        Counted.gpus(departure.cards()),
                        LeaveOutput.fields(departure)));
        // KServe merges its Deployments into what is stored: it takes nothing out.
        boolean merged = key.kind() == Kind.DEPLOYMENT;
        flights.add(LeaveFlight.released(departure, object, merged ? Duration.ZERO : limits.kserve()));
    }

    /** @return whether there is nothing more to wait for */
    private boolean isOver(LeaveFlight flight) {
        ObjectKey key = flight.key();
        try {
            Optional<Manifest> object = write.find(key);
            if (object.isEmpty()) {
                // Its owner deleted it: nothing will come up any more.
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
        } catch (ClusterProblem problem) {
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

    /** @return what it waits for; empty where it stays as it is */
    private Optional<String> roll(LeaveFlight flight, Manifest object) throws ClusterProblem {
        ObjectKey key = flight.key();
        if (flight.isRendered(object)) {
            write.markFinished(key);
        } else if (!flight.isOurTurn()) {
            return Optional.of("KServe has not rendered it anew yet");
        } else {
            try {
                write.finish(key);
            } catch (ClusterProblem refused) {
                if (refused.isPassing() || refused.isConflict()) {
                    throw refused;
                }
                write.takeBack(key);
                fail(key, refused.getMessage());
                return Optional.empty();
            }
        }
        flight.rolled();
        return Optional.of("Knative has not looked at the change yet");
    }

    private void fail(ObjectKey key, String because) {
        failed.add(key);
        err.println("%s: %s".formatted(key, because));
        err.flush();
    }
}
