package dev.trimtab.cli.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.schedule.Transition;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Previews for programs: times of RFC 3339, with the offset of the schedule's time zone. */
final class PreviewJson {
    private PreviewJson() {}

    static ObjectNode of(List<SchedulePreview> previews) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode schedules = root.putArray("schedules");
        previews.forEach(it -> add(it, schedules.addObject()));
        return root;
    }

    private static void add(SchedulePreview preview, ObjectNode to) {
        to.put("namespace", preview.schedule().namespace())
                .put("name", preview.schedule().name())
                .put("timeZone", preview.zone().getId())
                .put("from", time(preview.from(), preview.zone()))
                .put("to", time(preview.to(), preview.zone()));
        ArrayNode periods = to.putArray("periods");
        preview.periods().forEach(it -> add(it, preview.zone(), periods.addObject()));
    }

    private static void add(Transition period, ZoneId zone, ObjectNode to) {
        to.put("from", time(period.at(), zone));
        to.put("until", period.until().map(it -> time(it, zone)).orElse(null));
        to.put("phase", period.phase().term());
        ArrayNode holidays = to.putArray("holidays");
        period.holidays()
                .forEach((date, name) ->
                        holidays.addObject().put("date", date.toString()).put("name", name));
        ArrayNode changes = to.putArray("clockChanges");
        period.clockChanges().forEach(it -> changes.addObject()
                .put("at", time(it.at(), zone))
                .put("minutes", it.by().toMinutes()));
    }

    private static String time(Instant moment, ZoneId zone) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atZone(zone));
    }
}
