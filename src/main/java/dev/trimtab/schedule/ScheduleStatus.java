package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The status of a ServingSchedule.
 *
 * @param phase empty if the spec cannot be read
 * @param kept services that a person's word keeps from the schedule
 * @param gpusReleased whole GPUs that the services held that this schedule has stopped
 * @param starting starts under way
 */
public record ScheduleStatus(
        long generation,
        Optional<Phase> phase,
        Optional<Instant> since,
        Optional<Instant> next,
        long up,
        long down,
        long kept,
        long gpusReleased,
        Released released,
        List<Starting> starting,
        Verdict verdict) {
    public ScheduleStatus {
        starting = List.copyOf(starting);
    }

    /** The longest time between two writes of the released GPU hours. */
    private static final Duration ACCOUNT = Duration.ofHours(1);

    /** The condition Ready: whether the schedule acts as it is written. */
    public record Verdict(boolean ready, String reason, String message) {
        public static final String VALID = "Valid";
        public static final String INVALID = "Invalid";
        public static final String OVERLAPS = "Overlaps";
        public static final String SUSPENDED = "Suspended";
        public static final String DRY_RUN = "DryRun";
        public static final String HOLIDAYS_UNREAD = "HolidaysUnread";
        public static final String IGNORED = "Ignored";
        public static final String REFUSED = "Refused";
        public static final String LEAVING = "Leaving";
    }

    /**
     * GPU hours released since the schedule was created.
     *
     * @param gpuHours up to {@code until}
     */
    public record Released(BigDecimal gpuHours, Optional<Instant> until) {
        private static final BigDecimal SECONDS = BigDecimal.valueOf(3600);

        public static Released of(Manifest schedule) {
            JsonNode status = schedule.root().path("status");
            return new Released(
                    Quantities.amount(status.path("gpuHoursReleased")).orElse(BigDecimal.ZERO),
                    Times.read(status.path("accountedAt")));
        }

        /** Adds the time since then. The clock may have been set back: no hour is taken away. */
        public Released plus(long gpus, Instant now) {
            long seconds =
                    until.map(it -> Duration.between(it, now).toSeconds()).orElse(0L);
            BigDecimal more = BigDecimal.valueOf(gpus)
                    .multiply(BigDecimal.valueOf(Math.max(0, seconds)))
                    .divide(SECONDS, 3, RoundingMode.HALF_UP);
            return new Released(gpuHours.add(more), Optional.of(now));
        }
    }

    /** Of a schedule whose spec cannot be read: what it has released so far stays known. */
    public static ScheduleStatus invalid(Manifest schedule, Verdict verdict, Instant now) {
        long gpus = gpusReleased(schedule);
        Released released = Released.of(schedule).plus(gpus, now);
        return new ScheduleStatus(
                generation(schedule),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                gpus,
                released,
                starting(schedule),
                verdict);
    }

    /** Of a schedule that is being deleted, and starts its services before. */
    public static ScheduleStatus leaving(Manifest schedule, List<Starting> starting, long down, Instant now) {
        return new ScheduleStatus(
                generation(schedule),
                Optional.of(Phase.UP),
                Optional.empty(),
                Optional.empty(),
                0,
                down,
                0,
                gpusReleased(schedule),
                Released.of(schedule).plus(gpusReleased(schedule), now),
                starting,
                new Verdict(true, Verdict.LEAVING, "is deleted when its services are started"));
    }

    /** The starts under way that the stored status names. */
    public static List<Starting> starting(Manifest schedule) {
        List<Starting> starting = new ArrayList<>();
        schedule.root().at("/status/starting").forEach(it -> Starting.read(schedule.namespace(), it)
                .ifPresent(starting::add));
        return starting;
    }

    public long gpusStarting() {
        return starting.stream().mapToLong(Starting::gpus).sum();
    }

    public static long generation(Manifest schedule) {
        return schedule.metadata().path("generation").asLong();
    }

    public static long gpusReleased(Manifest schedule) {
        return schedule.root().at("/status/gpusReleased").asLong();
    }

    /**
     * A patch of the status. It fails if somebody has written the schedule since it was read. Empty if nothing has
     * changed but the hours since the last write, and these are few.
     */
    public Optional<ArrayNode> patch(Manifest schedule, Instant now) {
        JsonNode stored = schedule.root().path("status");
        ObjectNode status = json(stored, now);
        boolean due = released.gpuHours().signum() > 0
                && Times.read(stored.path("accountedAt"))
                        .filter(it -> Duration.between(it, now).compareTo(ACCOUNT) < 0)
                        .isEmpty();
        if (!due && withoutHours(status).equals(ScheduleStatus::compare, withoutHours(stored))) {
            return Optional.empty();
        }
        ArrayNode patch = AnnotationPatch.onlyIfUnchanged(schedule);
        patch.addObject().put("op", "add").put("path", "/status").set("value", status);
        return Optional.of(patch);
    }

    /** Numbers that are read have other Java types than those that are written. */
    private static int compare(JsonNode one, JsonNode other) {
        boolean numbers = one.isNumber() && other.isNumber() && one.longValue() == other.longValue();
        return numbers || one.equals(other) ? 0 : 1;
    }

    private static JsonNode withoutHours(JsonNode status) {
        return status instanceof ObjectNode object
                ? object.deepCopy().without(List.of("gpuHoursReleased", "accountedAt"))
                : status;
    }

    private ObjectNode json(JsonNode stored, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", generation);
        phase.ifPresent(it -> status.put("phase", it.term()));
        since.ifPresent(it -> status.put("phaseSince", it.toString()));
        next.ifPresent(it -> status.put("nextTransition", it.toString()));
        next.flatMap(it -> phase)
                .ifPresent(it -> status.put("nextPhase", (it == Phase.UP ? Phase.DOWN : Phase.UP).term()));
        status.put("servicesUp", up)
                .put("servicesDown", down)
                .put("servicesStarting", starting.size())
                .put("servicesKept", kept)
                .put("gpusStarting", gpusStarting())
                .put("gpusReleased", gpusReleased)
                .put("gpuHoursReleased", released.gpuHours().toPlainString())
                .put("accountedAt", now.toString());
        ArrayNode starts = status.putArray("starting");
        starting.forEach(it -> it.write(starts.addObject()));
        condition(status.putArray("conditions").addObject(), stored, now);
        return status;
    }

    private void condition(ObjectNode condition, JsonNode stored, Instant now) {
        String state = verdict.ready() ? "True" : "False";
        JsonNode before = stored.at("/conditions/0");
        boolean same = before.path("status").asText("").equals(state);
        condition
                .put("type", "Ready")
                .put("status", state)
                .put("reason", verdict.reason())
                .put("message", verdict.message())
                .put("observedGeneration", generation)
                .put(
                        "lastTransitionTime",
                        same ? before.path("lastTransitionTime").asText() : now.toString());
    }
}
