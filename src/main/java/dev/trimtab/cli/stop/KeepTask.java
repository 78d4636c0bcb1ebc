package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.stop.ServiceRun.Task;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.StopMark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What each word of {@code trimtab keep} does to one service. */
sealed interface KeepTask extends Task {
    /** @param until as in the annotation; empty for a keep without an end */
    record Up(SchedulesInForce schedules, Optional<String> until) implements KeepTask {
        /** Starts the service in the same patch. The mark of a schedule goes: the keep says from now on who wants it up. */
        @Override
        public Optional<ArrayNode> patch(Manifest service) throws BadInput {
            StopCommand.refuseModelMesh(service);
            // "false" starts nothing either, and stands in the pods' template: to remove it would start new ones.
            List<String> gone = StopAnnotation.isStopped(service)
                    ? List.of(StopAnnotation.KEY, StopMark.KEY)
                    : List.of(StopMark.KEY);
            return KeepTask.patch(service, "up", until, gone);
        }

        @Override
        public String done(ServiceRef ref, Manifest before, boolean dryRun) throws ApiProblem {
            return counted(dryRun)
                    + KeepTask.end(until)
                    + (!StopAnnotation.isStopped(before) ? "" : dryRun ? ", and started" : ", start requested")
                    + warning(before);
        }

        private String warning(Manifest service) throws ApiProblem {
            if (schedules.selecting(service).isPresent()) {
                return "";
            }
            return schedules.unread().isEmpty()
                    ? "; no schedule in force selects it, so nothing would stop it"
                    : "; whether a schedule selects it is not known: " + schedules.unread();
        }

        @Override
        public String notNeeded() {
            return "is already kept up" + KeepTask.end(until);
        }

        @Override
        public String counted(boolean dryRun) {
            return dryRun ? "would be kept up" : "kept up";
        }
    }

    /** @param until as in the annotation; empty for a keep without an end */
    record Down(SchedulesInForce schedules, Optional<String> until) implements KeepTask {
        /** Leaves the stop to the schedule, which marks it as its own, and so starts the service again in the end. */
        @Override
        public Optional<ArrayNode> patch(Manifest service) throws BadInput, ApiProblem {
            StopCommand.refuseModelMesh(service);
            if (schedules.selecting(service).isEmpty()) {
                throw new BadInput(
                        List.of("%s %s/%s: %s, so nobody would stop it, or start it again: trimtab stop %s stops it"
                                .formatted(
                                        service.kindName(),
                                        service.namespace(),
                                        service.name(),
                                        schedules.unread().isEmpty()
                                                ? "no schedule in force selects it"
                                                : "schedules cannot be read (" + schedules.unread() + ")",
                                        service.name())));
            }
            return KeepTask.patch(service, "down", until, List.of());
        }

        @Override
        public String done(ServiceRef ref, Manifest before, boolean dryRun) throws ApiProblem {
            String schedule = "the schedule " + schedules.selecting(before).orElse("");
            String stop = !StopAnnotation.isStopped(before)
                    ? schedule + " stops it"
                    : StopMark.inForce(before).isPresent()
                            ? schedule + " has stopped it already"
                            : "it was stopped by hand, so no schedule starts it again";
            return counted(dryRun) + KeepTask.end(until) + ": " + stop;
        }

        @Override
        public String notNeeded() {
            return "is already kept down" + KeepTask.end(until);
        }

        @Override
        public String counted(boolean dryRun) {
            return dryRun ? "would be kept down" : "kept down";
        }
    }

    record Off() implements KeepTask {
        @Override
        public Optional<ArrayNode> patch(Manifest service) {
            boolean kept =
                    service.annotations().has(Keep.KEY) || service.annotations().has(Keep.UNTIL);
            return kept
                    ? Optional.of(AnnotationPatch.change(service, Map.of(), List.of(Keep.KEY, Keep.UNTIL)))
                    : Optional.empty();
        }

        @Override
        public String done(ServiceRef ref, Manifest before, boolean dryRun) {
            return counted(dryRun);
        }

        @Override
        public String notNeeded() {
            return "is not kept";
        }

        @Override
        public String counted(boolean dryRun) {
            return dryRun ? "would no longer be kept" : "no longer kept";
        }
    }

    /** @param remove annotations that go, if they are there */
    private static Optional<ArrayNode> patch(
            Manifest service, String word, Optional<String> until, List<String> remove) {
        boolean same = service.annotations().text(Keep.KEY).filter(word::equals).isPresent()
                && service.annotations().text(Keep.UNTIL).equals(until)
                && remove.stream().noneMatch(service.annotations().map()::has);
        if (same) {
            return Optional.empty();
        }
        Map<String, String> keep = new HashMap<>(Map.of(Keep.KEY, word));
        until.ifPresent(it -> keep.put(Keep.UNTIL, it));
        // An end that another keep has left would hold for this one.
        List<String> gone =
                Stream.concat(Stream.of(Keep.UNTIL), remove.stream()).toList();
        return Optional.of(AnnotationPatch.change(service, keep, gone));
    }

    private static String end(Optional<String> until) {
        return until.map(it -> " until " + it).orElse(", without an end");
    }
}
