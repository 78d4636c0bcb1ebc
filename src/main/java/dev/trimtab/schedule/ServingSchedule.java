package dev.trimtab.schedule;

import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyTerm;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a ServingSchedule asks for.
 *
 * @param uid empty if it was not stored yet
 * @param kinds kinds of services
 * @param uptime when services are up
 * @param holidays whole days down
 * @param holidayCalendar key of ConfigMap {@link #HOLIDAYS}
 * @param warmUpMinutes how long before a window services are started
 * @param maxStartingGpus how many GPUs may be starting at once; {@link Long#MAX_VALUE} without a limit
 * @param readyWithin after this time a service that starts no longer counts as starting
 */
public record ServingSchedule(
        String namespace,
        String name,
        String uid,
        Selector selector,
        Set<Stoppable> kinds,
        ZoneId zone,
        List<Window> uptime,
        List<LocalDate> holidays,
        Optional<String> holidayCalendar,
        int warmUpMinutes,
        long maxStartingGpus,
        Duration readyWithin,
        boolean suspend,
        boolean dryRun,
        OnDelete onDelete) {
    public static final String KIND = "ServingSchedule";
    public static final String API_VERSION = "trimtab.dev/v1alpha1";

    /** ConfigMap of the schedule's namespace with files in iCalendar format. Its name is fixed: the controller may read no other. */
    public static final String HOLIDAYS = "trimtab-holidays";

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

    public boolean acts() {
        return !suspend && !dryRun;
    }

    public boolean selects(ServiceRef ref, Manifest service) {
        return kinds.contains(ref.kind()) && selector.matches(service.labels());
    }

    /** Whether one service could be selected by both. */
    public boolean mayMeet(ServingSchedule other) {
        return kinds.stream().anyMatch(other.kinds::contains) && selector.mayMeet(other.selector);
    }

    /** @param calendars texts of {@link #holidayCalendar}; none if there is none, or if it cannot be got */
    public UpTime upTime(List<String> calendars) {
        return new UpTime(zone, uptime, Holidays.of(holidays, calendars), Duration.ofMinutes(warmUpMinutes));
    }
}
