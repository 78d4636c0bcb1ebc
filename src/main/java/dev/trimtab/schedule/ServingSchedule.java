package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyTerm;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a ServingSchedule asks for.
 *
 * @param uid empty if it was not stored yet
 * @param selector as written: {@code matchLabels}, {@code matchExpressions}
 * @param uptime when services are up
 * @param holidays whole days down
 * @param warmUpMinutes how long before a window services are started
 * @param maxStartingGpus how many GPUs may be starting at once; {@link Long#MAX_VALUE} without a limit
 * @param readyWithin after this time a service that starts no longer counts as starting
 */
public record ServingSchedule(
        String namespace,
        String name,
        String uid,
        JsonNode selector,
        ZoneId zone,
        List<Window> uptime,
        List<LocalDate> holidays,
        Optional<CalendarRef> holidayCalendar,
        int warmUpMinutes,
        long maxStartingGpus,
        Duration readyWithin,
        boolean suspend,
        boolean dryRun,
        OnDelete onDelete) {
    public static final String KIND = "ServingSchedule";
    public static final String API_VERSION = "trimtab.dev/v1alpha1";

    /** A file in iCalendar format in a ConfigMap of the schedule's namespace. */
    public record CalendarRef(String configMap, String key) {}

    /** What becomes of the services if the schedule is deleted. */
    public enum OnDelete implements PolicyTerm {
        LEAVE,
        START
    }

    public sealed interface Reading {}

    public record Valid(ServingSchedule schedule) implements Reading {}

    /** @param problems all of them, in the order of the fields; never empty */
    public record Invalid(List<ScheduleProblem> problems) implements Reading {}

    public static Reading read(Manifest schedule) {
        return new ScheduleReader(schedule).read();
    }

    /** @param calendars texts of {@link #holidayCalendar}; none if there is none, or if it cannot be got */
    public UpTime upTime(List<String> calendars) {
        return new UpTime(zone, uptime, Holidays.of(holidays, calendars), Duration.ofMinutes(warmUpMinutes));
    }
}
