package dev.trimtab.controller.schedule;

import dev.trimtab.controller.schedule.SelectedServices.Selected;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.schedule.SchedulePlan;
import dev.trimtab.schedule.ScheduleStatus.Verdict;
import dev.trimtab.schedule.ServingSchedule;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says whether a schedule acts as it is written, and if not, why.
 *
 * @param excluded whether Trimtab leaves the namespace alone
 * @param audit whether the policy's mode is Audit
 * @param calendarProblem why holidays of the calendar are unknown, or empty
 * @param refused names of services that the cluster refused to stop or to start a moment ago
 */
record ScheduleVerdict(
        ServingSchedule spec,
        Selected selected,
        boolean excluded,
        boolean audit,
        String calendarProblem,
        List<String> refused) {
    /** Names in a message. */
    private static final int LISTED = 10;

    ScheduleVerdict {
        refused = List.copyOf(refused);
    }

    boolean acts() {
        return spec.acts() && !excluded && !audit;
    }

    boolean isDryRun() {
        return !spec.suspend() && !excluded && (spec.dryRun() || audit);
    }

    Verdict of(SchedulePlan plan) {
        if (excluded) {
            return new Verdict(false, Verdict.IGNORED, "Trimtab leaves this namespace alone");
        }
        if (!selected.contested().isEmpty()) {
            return new Verdict(false, Verdict.OVERLAPS, overlap());
        }
        if (spec.suspend()) {
            return new Verdict(false, Verdict.SUSPENDED, "spec.suspend is true: services stay as they are");
        }
        if (isDryRun()) {
            return new Verdict(false, Verdict.DRY_RUN, would(plan));
        }
        if (!calendarProblem.isEmpty()) {
            return new Verdict(false, Verdict.HOLIDAYS_UNREAD, calendarProblem);
        }
        return refused.isEmpty()
                ? new Verdict(true, Verdict.VALID, "")
                : new Verdict(
                        false,
                        Verdict.REFUSED,
                        "the cluster refuses to stop or start %s: see its Events".formatted(listed(refused.stream())));
    }

    private String overlap() {
        Stream<String> services = selected.contested().values().stream()
                .flatMap(List::stream)
                .map(ServiceRef::name)
                .distinct();
        return "neither stops nor starts %s: ServingSchedule %s selects the same"
                .formatted(
                        listed(services),
                        String.join(", ", new TreeSet<>(selected.contested().keySet())));
    }

    /** What a dry run would do. */
    String would(SchedulePlan plan) {
        String why = spec.dryRun() ? "spec.dryRun is true" : "the policy's mode is Audit";
        String stops = listed(plan.stops().stream().map(it -> it.ref().name()));
        String starts = listed(Stream.concat(plan.begun().stream(), plan.waiting().stream())
                .map(it -> it.ref().name()));
        return "%s: would stop %s; would start %s".formatted(why, stops, starts);
    }

    /** The first names, and how many more. */
    private static String listed(Stream<String> names) {
        List<String> all = names.sorted().toList();
        if (all.isEmpty()) {
            return "none";
        }
        String more = all.size() > LISTED ? " and %d more".formatted(all.size() - LISTED) : "";
        return String.join(", ", all.subList(0, Math.min(LISTED, all.size()))) + more;
    }
}
