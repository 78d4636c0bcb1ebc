package dev.trimtab.controller.schedule;

import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Metrics of schedules, from their status. Only the leader has them. Their number follows the number of schedules. */
public final class ScheduleMetrics implements AutoCloseable {
    private final MultiGauge services;
    private final MultiGauge gpusStarting;
    private final MultiGauge gpusReleased;
    private final MultiGauge gpuHours;
    private final MultiGauge ready;
    private final Map<String, Seen> seen = new TreeMap<>();

    private record Seen(ScheduleRef schedule, ScheduleStatus status) {
        private Tags tags() {
            return Tags.of("namespace", schedule.namespace(), "schedule", schedule.name());
        }
    }

    public ScheduleMetrics(MeterRegistry registry) {
        services = MultiGauge.builder("trimtab.schedule.services")
                .description("Services of a ServingSchedule, by what they are now")
                .register(registry);
        gpusStarting = MultiGauge.builder("trimtab.schedule.gpus.starting")
                .description("GPUs of the services that a ServingSchedule is starting")
                .register(registry);
        gpusReleased = MultiGauge.builder("trimtab.schedule.gpus.released")
                .description("GPUs that the services held that a ServingSchedule has stopped")
                .register(registry);
        gpuHours = MultiGauge.builder("trimtab.schedule.gpu.hours.released")
                .description("GPU hours released by a ServingSchedule since it was created")
                .register(registry);
        ready = MultiGauge.builder("trimtab.schedule.ready")
                .description("1 if a ServingSchedule acts as it is written, else 0")
                .register(registry);
    }

    synchronized void seen(ScheduleRef schedule, ScheduleStatus status) {
        seen.put(schedule.toString(), new Seen(schedule, status));
        publish();
    }

    synchronized void forget(ScheduleRef schedule) {
        if (seen.remove(schedule.toString()) != null) {
            publish();
        }
    }

    private void publish() {
        List<Row<?>> states = new ArrayList<>();
        for (Seen it : seen.values()) {
            ScheduleStatus status = it.status();
            Map.of(
                            "up", status.up(),
                            "down", status.down(),
                            "starting", (long) status.starting().size(),
                            "kept", status.kept())
                    .forEach((state, number) -> states.add(Row.of(it.tags().and("state", state), number)));
        }
        services.register(states, true);
        gpusStarting.register(rows(it -> BigDecimal.valueOf(it.gpusStarting())), true);
        gpusReleased.register(rows(it -> BigDecimal.valueOf(it.gpusReleased())), true);
        gpuHours.register(rows(it -> it.released().gpuHours()), true);
        ready.register(rows(it -> it.verdict().ready() ? BigDecimal.ONE : BigDecimal.ZERO), true);
    }

    private List<Row<?>> rows(Function<ScheduleStatus, BigDecimal> value) {
        List<Row<?>> rows = new ArrayList<>();
        seen.values().forEach(it -> rows.add(Row.of(it.tags(), value.apply(it.status()))));
        return rows;
    }

    /** Another replica leads by now. */
    public synchronized void clear() {
        seen.clear();
        publish();
    }

    /** The registry outlives an application that restarts in the same JVM. */
    @Override
    public void close() {
        clear();
    }
}
