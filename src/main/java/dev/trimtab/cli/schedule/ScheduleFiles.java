package dev.trimtab.cli.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.manifests.InputLog;
import dev.trimtab.cli.manifests.ManifestFile;
import dev.trimtab.cli.manifests.ManifestFiles.DocumentReader;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.manifest.ListedObject;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.ScheduleProblem;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.UpTime;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Collects the ServingSchedules of manifests, and the ConfigMaps beside them. */
final class ScheduleFiles implements DocumentReader {
    private final InputLog log;
    private final List<ServingSchedule> schedules = new ArrayList<>();
    private final List<Manifest> configMaps = new ArrayList<>();
    private boolean any;

    ScheduleFiles(InputLog log) {
        this.log = log;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        if (!file.isPart()) {
            ListedObject.of(document.content()).forEach(it -> object(file, document, it));
        }
    }

    private void object(ManifestFile file, YamlDocument document, ListedObject listed) {
        Manifest object = listed.manifest();
        if (object.kindName().equals("ConfigMap") && object.apiVersion().equals("v1")) {
            configMaps.add(object);
        } else if (isMeant(object)) {
            any = true;
            List<ScheduleProblem> problems = unknown(object);
            if (problems.isEmpty()) {
                ServingSchedule.Reading reading = ServingSchedule.read(object);
                if (reading instanceof ServingSchedule.Invalid invalid) {
                    problems = invalid.problems();
                } else if (reading instanceof ServingSchedule.Valid valid) {
                    schedules.add(valid.schedule());
                }
            }
            problems.forEach(it -> log.problem(line(file, document, listed.at().toString(), it)));
        }
    }

    /** Whether its author means a schedule: the only other kind of this group is the policy, which is a file. */
    private static boolean isMeant(Manifest object) {
        boolean ours = object.apiVersion().startsWith("trimtab.dev/")
                && !object.kindName().equals("Policy");
        return ours || object.kindName().equalsIgnoreCase(ServingSchedule.KIND);
    }

    /** What the API server would not find. It compares letter by letter. */
    private static List<ScheduleProblem> unknown(Manifest object) {
        List<ScheduleProblem> problems = new ArrayList<>();
        if (!object.apiVersion().equals(ServingSchedule.API_VERSION)) {
            problems.add(unknown("apiVersion", object.apiVersion(), ServingSchedule.API_VERSION));
        }
        if (!object.kindName().equals(ServingSchedule.KIND)) {
            problems.add(unknown("kind", object.kindName(), ServingSchedule.KIND));
        }
        return problems;
    }

    private static ScheduleProblem unknown(String field, String written, String known) {
        return new ScheduleProblem(field, "\"%s\" is not known to the API server: write %s".formatted(written, known));
    }

    private static String line(ManifestFile file, YamlDocument document, String at, ScheduleProblem problem) {
        String pointer =
                at + "/" + problem.field().replace("[", "/").replace("]", "").replace('.', '/');
        Optional<Position> place = document.positionOf(pointer);
        // What is missing is missing where it should stand.
        while (place.isEmpty() && !pointer.isEmpty()) {
            pointer = pointer.substring(0, pointer.lastIndexOf('/'));
            place = document.positionOf(pointer);
        }
        return file.place(place.orElseGet(() -> new Position(document.line(), 1))) + ": " + problem;
    }

    void requireAny(List<String> names) {
        if (!any && log.problems().isEmpty()) {
            log.problem("%s: no ServingSchedule (trimtab.dev/v1alpha1)".formatted(String.join(", ", names)));
        }
    }

    List<SchedulePreview> previews(Optional<CalendarFile> named, FirstMoment first, int days) {
        if (named.isPresent()
                && schedules.stream().noneMatch(it -> it.holidayCalendar().isPresent())) {
            log.warning("--calendar: no schedule has a holidayCalendar, so %s is not read"
                    .formatted(named.get().name()));
        }
        return schedules.stream()
                .map(it -> {
                    Instant from = first.in(it.zone());
                    Instant to = from.atZone(it.zone()).plusDays(days).toInstant();
                    return new SchedulePreview(it, upTime(it, named), from, to);
                })
                .toList();
    }

    private UpTime upTime(ServingSchedule schedule, Optional<CalendarFile> named) {
        Optional<CalendarFile> calendar =
                schedule.holidayCalendar().flatMap(key -> named.or(() -> configMap(schedule, key)));
        UpTime upTime =
                schedule.upTime(calendar.map(CalendarFile::text).stream().toList());
        calendar.ifPresent(it -> {
            upTime.holidays().problems().forEach(problem -> log.problem(it.name() + ": " + problem));
            int timed = upTime.holidays().ignoredEvents();
            if (timed > 0) {
                log.warning("%s: %s with a time of day left out: a holiday is a whole day"
                        .formatted(it.name(), Counted.of(timed, "event")));
            }
        });
        return upTime;
    }

    private Optional<CalendarFile> configMap(ServingSchedule schedule, String key) {
        Optional<JsonNode> found = configMaps.stream()
                .filter(it -> it.name().equals(ServingSchedule.HOLIDAYS) && isBeside(schedule, it))
                .map(it -> it.root().path("data").path(key))
                .findFirst();
        String name = "ConfigMap %s, key %s".formatted(ServingSchedule.HOLIDAYS, key);
        if (found.isEmpty()) {
            log.warning("%s: the holidays of %s are not in this preview: name the file by --calendar, or add the"
                            .formatted(schedule.name(), name)
                    + " ConfigMap to -f");
        } else if (!found.get().isTextual()) {
            log.problem(schedule.name() + ": " + name + ": the ConfigMap has no such key");
        }
        return found.filter(JsonNode::isTextual).map(it -> new CalendarFile(name, it.textValue()));
    }

    /** A manifest without a namespace may be applied to any. */
    private static boolean isBeside(ServingSchedule schedule, Manifest configMap) {
        return Stream.of(schedule.namespace(), configMap.namespace())
                        .filter(it -> !it.isEmpty())
                        .distinct()
                        .count()
                < 2;
    }
}
