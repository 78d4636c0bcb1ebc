package dev.trimtab.schedule;

import dev.trimtab.gpu.GpuRoom;
import dev.trimtab.schedule.Candidate.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What a schedule does now. It follows from the services, the clock and the starts under way, whatever happened before.
 *
 * @param stops services to stop
 * @param waiting services to start once there is room
 * @param starting all starts under way, with those that begin now
 * @param begun those of {@code starting} to start now, again if an earlier try did not get through
 * @param late services that were not ready in time: they no longer hold up others
 * @param outdated stopped services whose mark is of an earlier phase Down: a keep or a refused start has them down since
 * @param kept services that a person's word keeps from the schedule
 */
public record SchedulePlan(
        List<Candidate> stops,
        List<Candidate> waiting,
        List<Starting> starting,
        List<Candidate> begun,
        List<Starting> late,
        List<Candidate> outdated,
        List<Candidate> kept) {
    public SchedulePlan {
        stops = List.copyOf(stops);
        waiting = List.copyOf(waiting);
        starting = List.copyOf(starting);
        begun = List.copyOf(begun);
        late = List.copyOf(late);
        outdated = List.copyOf(outdated);
        kept = List.copyOf(kept);
    }

    /** @param maxGpus GPUs that may start at the same time; a service that alone needs more starts alone */
    public record Rules(String schedule, Phase phase, Instant began, long maxGpus, Duration readyWithin) {}

    /**
     * @param gpus whole GPUs that the start of a service requests
     * @param underWay as in the status
     * @param refused services whose start the cluster has just refused: they get no room
     */
    public static SchedulePlan of(
            Rules rules,
            List<Candidate> services,
            ToLongFunction<Candidate> gpus,
            List<Starting> underWay,
            Set<String> refused,
            Instant now) {
        Map<Due, List<Candidate>> due = new HashMap<>();
        Map<String, Candidate> byUid = new LinkedHashMap<>();
        services.stream()
                // A graph after the services that it calls: its own cascade then finds nothing to stop.
                .sorted(Comparator.comparing((Candidate it) -> it.ref().kind())
                        .thenComparing(it -> it.ref().name()))
                .forEach(service -> {
                    byUid.put(service.uid(), service);
                    due.computeIfAbsent(
                                    service.due(rules.schedule(), rules.phase(), rules.began(), now),
                                    it -> new ArrayList<>())
                            .add(service);
                });
        List<Candidate> starts = due.getOrDefault(Due.START, List.of());
        List<Candidate> stops = due.getOrDefault(Due.STOP, List.of());
        Wave wave = new Wave(rules, gpus, now);
        List<Candidate> startable =
                starts.stream().filter(it -> !refused.contains(it.uid())).toList();
        wave.goOn(underWay, byUid, startable, stops);
        wave.begin(startable);
        return new SchedulePlan(
                stops,
                wave.waiting,
                wave.starting,
                wave.begun,
                wave.late,
                rules.phase() == Phase.UP ? List.of() : outdated(rules, services, starts),
                due.getOrDefault(Due.KEPT, List.of()));
    }

    private static List<Candidate> outdated(Rules rules, List<Candidate> services, List<Candidate> starts) {
        return services.stream()
                .filter(service -> service.mark()
                        .filter(it -> it.schedule().equals(rules.schedule())
                                && it.down().isBefore(rules.began()))
                        .isPresent())
                .filter(it -> !starts.contains(it))
                .toList();
    }

    /** The starts under way without those that begin now, for a schedule that does not act. */
    public List<Starting> goingOn() {
        Set<String> fresh = new HashSet<>();
        begun.forEach(it -> fresh.add(it.uid()));
        return starting.stream().filter(it -> !fresh.contains(it.uid())).toList();
    }

    /** Fills the room for starts. */
    private static final class Wave {
        private final Rules rules;
        private final ToLongFunction<Candidate> gpus;
        private final Instant now;
        private final List<Starting> starting = new ArrayList<>();
        private final List<Starting> late = new ArrayList<>();
        private final List<Candidate> begun = new ArrayList<>();
        private List<Candidate> waiting = List.of();

        Wave(Rules rules, ToLongFunction<Candidate> gpus, Instant now) {
            this.rules = rules;
            this.gpus = gpus;
            this.now = now;
        }

        /** A start ends when the service is ready, gone, to be stopped, stopped again by a person, or late. */
        void goOn(
                List<Starting> underWay, Map<String, Candidate> byUid, List<Candidate> starts, List<Candidate> stops) {
            for (Starting start : underWay) {
                Candidate service = byUid.get(start.uid());
                boolean over = service == null
                        || service.isReady()
                        || stops.contains(service)
                        || (service.isStopped() && !starts.contains(service));
                if (over) {
                    continue;
                }
                if (service.isStopped()) {
                    // Its time begins with the write that gets through.
                    starting.add(new Starting(start.ref(), start.uid(), start.gpus(), now));
                    begun.add(service);
                } else if (start.isLate(now, rules.readyWithin())) {
                    late.add(start);
                } else {
                    starting.add(start);
                }
            }
        }

        void begin(List<Candidate> starts) {
            Set<String> known = new HashSet<>();
            starting.forEach(it -> known.add(it.uid()));
            late.forEach(it -> known.add(it.uid()));
            List<Candidate> next =
                    starts.stream().filter(it -> !known.contains(it.uid())).toList();
            long taken = starting.stream().mapToLong(Starting::gpus).sum();
            List<Candidate> chosen =
                    new ArrayList<>(GpuRoom.next(next, gpus, rules.maxGpus() - taken, Integer.MAX_VALUE));
            if (chosen.isEmpty() && taken == 0 && !next.isEmpty()) {
                chosen.add(next.get(0));
            }
            chosen.forEach(it -> starting.add(new Starting(it.ref(), it.uid(), gpus.applyAsLong(it), now)));
            begun.addAll(chosen);
            waiting = next.stream().filter(it -> !chosen.contains(it)).toList();
        }
    }
}
