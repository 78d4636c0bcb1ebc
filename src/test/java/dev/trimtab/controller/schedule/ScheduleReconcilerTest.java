package dev.trimtab.controller.schedule;

import static dev.trimtab.controller.schedule.ScheduleStage.MARK;
import static dev.trimtab.controller.schedule.ScheduleStage.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScheduleReconcilerTest {
    private static final String EVENING = "2026-11-30T20:00:00+01:00[Europe/Berlin]";
    private static final String NIGHT = "2026-11-30T23:00:00+01:00[Europe/Berlin]";
    private static final String MORNING = "2026-12-01T08:00:00+01:00[Europe/Berlin]";
    private static final String NEXT_EVENING = "2026-12-01T20:00:00+01:00[Europe/Berlin]";

    private final ScheduleStage stage = new ScheduleStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void office() {
        stage.schedule("");
        stage.service("llama", 2);
    }

    @Nested
    class StopsAndStarts {
        @Test
        void nothingInsideTheWindow() {
            office();

            assertThat(stage.reconcile()).contains(Duration.ofMinutes(5));

            assertThat(stage.isStopped("llama")).isFalse();
            assertThat(stage.annotation("llama", MARK)).isEmpty();
            assertThat(stage.status().path("phase").asText()).isEqualTo("Up");
            assertThat(stage.status().path("nextTransition").asText()).isEqualTo("2026-11-30T19:00:00Z");
            assertThat(stage.status().path("nextPhase").asText()).isEqualTo("Down");
            assertThat(stage.reason()).isEqualTo("Valid");
        }

        @Test
        void downAtItsEnd() {
            office();
            stage.at(EVENING);
            stage.runAndStop();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.annotation("llama", MARK))
                    .isEqualTo("{\"schedule\":\"office\",\"down\":\"2026-11-30T19:00:00Z\","
                            + "\"since\":\"2026-11-30T19:00:00Z\",\"gpus\":{\"nvidia.com/gpu\":\"2\"}}");
            assertThat(stage.said("llama")).containsExactly("StoppedBySchedule");
        }

        @Test
        void upAtTheNextBegin() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.at(MORNING);
            stage.run();

            assertThat(stage.find("llama").at("/metadata/annotations")).isEmpty();
            assertThat(stage.said("llama")).containsExactly("StoppedBySchedule", "StartedBySchedule");
            assertThat(stage.status().path("servicesStarting").asInt()).isEqualTo(1);

            stage.ready("llama");
            stage.run();
            assertThat(stage.status().path("servicesStarting").asInt()).isZero();
            assertThat(stage.status().path("servicesUp").asInt()).isEqualTo(1);
        }

        @Test
        void wakesUpForTheTransition() {
            office();
            stage.at("2026-11-30T19:58:00+01:00[Europe/Berlin]");

            assertThat(stage.reconcile()).contains(Duration.ofMinutes(2));
        }

        @Test
        void downAcrossATransition() {
            office();
            stage.run();
            // Nobody leads for four days.
            stage.at("2026-12-05T12:00:00+01:00[Europe/Berlin]");
            stage.anotherController();
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
        }

        @Test
        void theClockJumpsBack() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.pass(Duration.ofHours(-2));
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
        }

        @Test
        void aRestTakesNoWrite() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.run();
            var unused = stage.cluster.writes();
            stage.pass(Duration.ofMinutes(5));
            stage.run();

            assertThat(stage.cluster.writes()).isEmpty();
        }

        @Test
        void onlyWhatItSelects() {
            office();
            stage.service("prod", 4);
            stage.label("prod", "tier", "prod");
            stage.at(EVENING);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.isStopped("prod")).isFalse();
        }

        @Test
        void aServiceThatIsCreatedAtNightGoesDown() {
            office();
            stage.at(NIGHT);
            stage.runAndStop();
            stage.service("late", 1);
            stage.runAndStop();

            assertThat(stage.isStopped("late")).isTrue();
        }

        @Test
        void ignoredServicesStay() {
            office();
            stage.label("llama", "trimtab.dev/ignore", "true");
            stage.at(NIGHT);
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
        }

        @Test
        void holidays() {
            stage.schedule("holidays: [\"2026-11-30\"]");
            stage.service("llama", 2);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
        }

        @Test
        void holidaysOfACalendar() {
            stage.schedule("holidayCalendar: days.ics");
            stage.service("llama", 2);
            stage.create("configmaps", """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: trimtab-holidays, namespace: ml}
                    data:
                      days.ics: |
                        BEGIN:VCALENDAR
                        VERSION:2.0
                        PRODID:-//test//test//EN
                        BEGIN:VEVENT
                        UID:1
                        DTSTAMP:20200101T000000Z
                        DTSTART;VALUE=DATE:20201130
                        RRULE:FREQ=YEARLY
                        SUMMARY:Founders' Day
                        END:VEVENT
                        END:VCALENDAR
                    """);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.reason()).isEqualTo("Valid");
        }

        @Test
        void withoutItsCalendarItActsAndSaysSo() {
            stage.schedule("holidayCalendar: days.ics");
            stage.service("llama", 2);
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
            assertThat(stage.reason()).isEqualTo("HolidaysUnread");
            assertThat(stage.message()).contains("trimtab-holidays").contains("days.ics");
        }
    }

    @Nested
    class PeopleWin {
        @Test
        void aStopByHandStays() {
            office();
            stage.annotate("llama", STOP, "true");
            stage.at(EVENING);
            stage.runAndStop();
            stage.at(MORNING);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.annotation("llama", MARK)).isEmpty();
            assertThat(stage.status().path("servicesKept").asInt()).isEqualTo(1);
        }

        @Test
        void aStartByHandStaysUntilTheNextEvening() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.at(NIGHT);
            stage.withoutAnnotation("llama", STOP);
            stage.run();
            assertThat(stage.isStopped("llama")).isFalse();
            assertThat(stage.status().path("servicesKept").asInt()).isEqualTo(1);

            stage.at(NEXT_EVENING);
            stage.run();
            assertThat(stage.isStopped("llama")).isTrue();
        }

        /** The mark of the evening is still there, but another manager has the annotation now. */
        @Test
        void aStopByHandAfterAStartByHandStays() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.withoutAnnotation("llama", STOP);
            stage.run();
            stage.stopByHand("llama");
            stage.at(MORNING);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.status().path("servicesKept").asInt()).isEqualTo(1);
            assertThat(stage.status().path("gpusReleased").asInt()).isZero();
        }

        /** A keep had it down by day, so it was not the evening that stopped it. */
        @Test
        void aStartByHandAfterAKeepStaysUntilTheNextEvening() {
            office();
            stage.annotate("llama", "trimtab.dev/keep", "down");
            stage.runAndStop();
            stage.at(EVENING);
            stage.run();
            stage.withoutAnnotation("llama", "trimtab.dev/keep");
            stage.withoutAnnotation("llama", STOP);
            stage.at(NIGHT);
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
        }

        @Test
        void keptUpUntilItsTimeIsOver() {
            office();
            stage.annotate("llama", "trimtab.dev/keep", "up");
            stage.annotate("llama", "trimtab.dev/keep-until", "2026-11-30T22:00:00+01:00");
            stage.at(EVENING);
            assertThat(stage.reconcile()).contains(Duration.ofMinutes(5));
            assertThat(stage.isStopped("llama")).isFalse();

            stage.at("2026-11-30T21:58:00+01:00[Europe/Berlin]");
            assertThat(stage.reconcile()).contains(Duration.ofMinutes(2));

            stage.at("2026-11-30T22:00:00+01:00[Europe/Berlin]");
            stage.run();
            assertThat(stage.isStopped("llama")).isTrue();
        }

        @Test
        void keptUpWhileItIsStopped() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.annotate("llama", "trimtab.dev/keep", "up");
            stage.annotate("llama", "trimtab.dev/keep-until", "2026-11-30T22:00:00+01:00");
            stage.run();
            assertThat(stage.isStopped("llama")).isFalse();

            stage.ready("llama");
            stage.at("2026-11-30T22:00:00+01:00[Europe/Berlin]");
            stage.run();
            assertThat(stage.isStopped("llama")).isTrue();
        }

        @Test
        void keptDownByDay() {
            office();
            stage.annotate("llama", "trimtab.dev/keep", "down");
            stage.annotate("llama", "trimtab.dev/keep-until", "2026-11-30T14:00:00+01:00");
            stage.runAndStop();
            assertThat(stage.isStopped("llama")).isTrue();

            stage.at("2026-11-30T14:00:00+01:00[Europe/Berlin]");
            stage.run();
            assertThat(stage.isStopped("llama")).isFalse();
        }

        @Test
        void whatNobodyCanReadChangesNothing() {
            office();
            stage.annotate("llama", "trimtab.dev/keep", "up");
            stage.annotate("llama", "trimtab.dev/keep-until", "tomorrow");
            stage.at(EVENING);
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
            assertThat(stage.status().path("servicesKept").asInt()).isEqualTo(1);
        }
    }

    @Nested
    class DoesNothing {
        private void restsAt(String reason) {
            stage.at(NIGHT);
            stage.run();
            assertThat(stage.isStopped("llama")).isFalse();
            assertThat(stage.reason()).isEqualTo(reason);
        }

        @Test
        void suspended() {
            stage.schedule("suspend: true");
            stage.service("llama", 2);
            restsAt("Suspended");
        }

        @Test
        void aDryRunSaysWhatItWouldDo() {
            stage.schedule("dryRun: true");
            stage.service("llama", 2);
            restsAt("DryRun");
            assertThat(stage.message()).contains("would stop llama");
            assertThat(stage.said("office")).containsExactly("DryRun");

            stage.run();
            assertThat(stage.said("office")).containsExactly("DryRun");
        }

        @Test
        void aRefusedStopIsSaid() {
            office();
            stage.cluster.refuse(it -> it.is("PATCH", "llama"), 403, "another webhook says no");
            stage.at(NIGHT);
            stage.run();
            stage.run();
            assertThat(stage.reason()).isEqualTo("Refused");
            assertThat(stage.message()).contains("llama");
            assertThat(stage.said("llama")).containsExactly("ScheduleRefused");
        }

        @Test
        void inAuditMode() {
            office();
            stage.audit();
            restsAt("DryRun");
            assertThat(stage.message()).contains("Audit");
        }

        @Test
        void inAnIgnoredNamespace() {
            office();
            stage.cluster.edit("", "namespaces", "", "ml", it -> it.withObject("/metadata")
                    .withObject("labels")
                    .put("trimtab.dev/ignore", "true"));
            restsAt("Ignored");
        }

        @Test
        void anInvalidSpecSaysWhereAndWhy() {
            stage.schedule("uptime2: []");
            stage.service("llama", 2);
            restsAt("Invalid");
            assertThat(stage.message()).contains("spec").contains("uptime2");
            assertThat(stage.said("office")).containsExactly("ScheduleInvalid");
        }

        @Test
        void whatTwoSchedulesSelectIsLeftAlone() {
            office();
            stage.service("both", 1);
            stage.label("both", "demo", "yes");
            stage.create("servingschedules", """
                    apiVersion: trimtab.dev/v1alpha1
                    kind: ServingSchedule
                    metadata: {name: demo, namespace: ml, generation: 1}
                    spec:
                      selector: {matchLabels: {demo: "yes"}}
                      timeZone: Europe/Berlin
                      uptime: ["Mon-Fri 08:00-20:00"]
                    """);
            stage.at(NIGHT);
            stage.run();

            assertThat(stage.isStopped("llama")).isTrue();
            assertThat(stage.isStopped("both")).isFalse();
            assertThat(stage.reason()).isEqualTo("Overlaps");
            assertThat(stage.message()).contains("both").contains("demo");
        }
    }

    @Nested
    class Waves {
        private void sleeping(int services, int gpus, String stagger) {
            stage.schedule(stagger);
            for (int i = 0; i < services; i++) {
                stage.service("m" + i, gpus);
            }
            stage.at(EVENING);
            stage.runAndStop();
            stage.at(MORNING);
        }

        private long up() {
            long up = 0;
            for (int i = 0; i < 6; i++) {
                up += stage.isStopped("m" + i) ? 0 : 1;
            }
            return up;
        }

        @Test
        void asManyAsFit() {
            sleeping(6, 2, "stagger: {maxStartingGpus: 5}");
            stage.run();
            assertThat(up()).isEqualTo(2);
            assertThat(stage.status().path("gpusStarting").asInt()).isEqualTo(4);

            stage.ready("m0");
            stage.run();
            assertThat(up()).isEqualTo(3);
        }

        @Test
        void oneThatNeverGetsReadyHoldsNobodyUp() {
            sleeping(6, 4, "stagger: {maxStartingGpus: 4, readyWithinMinutes: 10}");
            stage.run();
            assertThat(up()).isEqualTo(1);

            stage.pass(Duration.ofMinutes(10));
            stage.run();
            assertThat(up()).isEqualTo(2);
            assertThat(stage.said("m0")).contains("StartLate");
        }

        @Test
        void oneThatIsTooLargeStartsAlone() {
            sleeping(6, 8, "stagger: {maxStartingGpus: 4}");
            stage.run();
            assertThat(up()).isEqualTo(1);

            stage.ready("m0");
            stage.run();
            assertThat(up()).isEqualTo(2);
        }

        /** The room of a refused start goes to others. */
        @Test
        void aRefusedStartGivesItsRoomAway() {
            sleeping(6, 4, "stagger: {maxStartingGpus: 4}");
            stage.cluster.refuse(it -> it.is("PATCH", "m0"), 403, "another webhook says no");
            assertThat(stage.reconcile()).contains(Duration.ofSeconds(30));

            assertThat(stage.isStopped("m0")).isTrue();
            assertThat(stage.isStopped("m1")).isFalse();
            assertThat(stage.said("m0")).contains("ScheduleRefused");
            assertThat(stage.status().path("gpusStarting").asInt()).isEqualTo(4);
        }

        /** Else others would get the room of what still starts. */
        @Test
        void aPauseForgetsNoStart() {
            sleeping(6, 4, "stagger: {maxStartingGpus: 4}");
            stage.run();
            stage.editSchedule("suspend: true");
            stage.run();
            assertThat(stage.status().path("gpusStarting").asInt()).isEqualTo(4);
            stage.editSchedule("suspend: false");
            stage.run();

            assertThat(up()).isEqualTo(1);
        }

        @Test
        void aRefusedServiceIsTriedAgainAfterAWhileOnly() {
            sleeping(1, 4, "");
            stage.cluster.refuse(it -> it.is("PATCH", "m0"), 403, "another webhook says no");
            stage.run();
            stage.run();
            assertThat(stage.reason()).isEqualTo("Refused");
            var before = stage.cluster.writes();
            stage.pass(Duration.ofSeconds(10));
            stage.run();
            assertThat(stage.cluster.writes()).as("after %s", before).isEmpty();

            stage.cluster.refuseNothing();
            stage.pass(Duration.ofSeconds(30));
            stage.run();
            assertThat(stage.isStopped("m0")).isFalse();
        }

        /** It dies after it has taken room in the status, and before it writes the service. */
        @Test
        void anotherControllerGoesOn() {
            sleeping(6, 4, "stagger: {maxStartingGpus: 4}");
            stage.cluster.refuse(it -> it.is("PATCH", "inferenceservices"), 500, "dead");
            assertThatThrownBy(stage::run).isInstanceOf(RuntimeException.class);
            stage.cluster.refuseNothing();
            assertThat(up()).isZero();
            assertThat(stage.status().path("servicesStarting").asInt()).isEqualTo(1);
            stage.anotherController();
            stage.run();

            assertThat(up()).isEqualTo(1);
            assertThat(stage.isStopped("m0")).isFalse();
        }

        @Test
        void nobodyStartsWithoutRoomInTheStatus() {
            sleeping(6, 4, "stagger: {maxStartingGpus: 4}");
            stage.cluster.refuse(it -> it.is("PATCH", "status"), 409, "written meanwhile");

            assertThat(stage.reconcile()).contains(Duration.ofSeconds(1));

            assertThat(up()).isZero();
        }
    }

    @Nested
    class Deleted {
        @Test
        void leavesServicesAsTheyAre() {
            office();
            stage.at(EVENING);
            stage.runAndStop();

            assertThat(stage.cluster
                            .find("trimtab.dev", "servingschedules", "ml", "office")
                            .orElseThrow()
                            .at("/metadata/finalizers"))
                    .isEmpty();
        }

        @Test
        void startsThemIfToldTo() {
            stage.schedule("onDelete: Start");
            stage.service("llama", 2);
            stage.run();
            stage.at(EVENING);
            stage.runAndStop();
            stage.deleteSchedule();
            stage.run();
            assertThat(stage.hasSchedule()).isTrue();
            assertThat(stage.isStopped("llama")).isFalse();

            assertThat(stage.reconcile()).isEmpty();
            assertThat(stage.hasSchedule()).isFalse();
        }

        @Test
        void startsNothingInAuditMode() {
            stage.schedule("onDelete: Start");
            stage.service("llama", 2);
            stage.run();
            stage.at(EVENING);
            stage.runAndStop();
            stage.audit();
            stage.deleteSchedule();
            stage.run();

            assertThat(stage.hasSchedule()).isFalse();
            assertThat(stage.isStopped("llama")).isTrue();
        }

        @Test
        void isNotKeptForever() {
            stage.schedule("onDelete: Start");
            stage.service("llama", 2);
            stage.run();
            stage.at(EVENING);
            stage.runAndStop();
            stage.cluster.refuse(it -> it.is("PATCH", "llama"), 403, "no");
            stage.deleteSchedule();
            stage.run();
            assertThat(stage.hasSchedule()).isTrue();

            stage.pass(Duration.ofMinutes(31));
            stage.run();
            assertThat(stage.hasSchedule()).isFalse();
        }
    }

    @Nested
    class Hours {
        @Test
        void gpuHoursOfANight() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.run();
            assertThat(stage.status().path("gpusReleased").asInt()).isEqualTo(2);

            stage.at(MORNING);
            stage.run();
            assertThat(stage.status().path("gpuHoursReleased").asText()).isEqualTo("24.000");
            assertThat(stage.metrics
                            .get("trimtab.schedule.gpu.hours.released")
                            .tags("namespace", "ml", "schedule", "office")
                            .gauge()
                            .value())
                    .isEqualTo(24);
        }

        /** The hours are in the status, so a controller that was away loses none. */
        @Test
        void acrossControllers() {
            office();
            stage.at(EVENING);
            stage.runAndStop();
            stage.run();
            for (int i = 0; i < 12; i++) {
                stage.pass(Duration.ofHours(1));
                stage.anotherController();
                stage.run();
            }

            assertThat(stage.status().path("gpuHoursReleased").asText()).isEqualTo("24.000");
        }

        /** Whoever may annotate a service may write a number there that nobody can count with. */
        @Test
        void aHostileMark() {
            office();
            stage.annotate("llama", STOP, "true");
            stage.annotate(
                    "llama",
                    MARK,
                    "{\"schedule\":\"office\",\"down\":\"2026-11-27T19:00:00Z\","
                            + "\"since\":\"2026-11-27T19:00:00Z\",\"gpus\":{\"nvidia.com/gpu\":\"1e600000000\"}}");
            stage.run();

            assertThat(stage.isStopped("llama")).isFalse();
        }

        @Test
        void devicesOfClaims() {
            stage.schedule("");
            stage.service("llama", 0);
            stage.cluster.edit("", "pods", "ml", "llama-1", it -> it.withObject("/status")
                    .withArray("resourceClaimStatuses")
                    .addObject()
                    .put("name", "gpus")
                    .put("resourceClaimName", "llama-gpus"));
            stage.create("resourceclaims", """
                    apiVersion: resource.k8s.io/v1
                    kind: ResourceClaim
                    metadata: {name: llama-gpus, namespace: ml}
                    status:
                      allocation:
                        devices:
                          results:
                            - {request: gpus, driver: gpu.nvidia.com, pool: n1, device: gpu-0}
                            - {request: gpus, driver: gpu.nvidia.com, pool: n1, device: gpu-1}
                            - {request: net, driver: dra.net, pool: n1, device: eth1}
                    """);
            stage.at(EVENING);
            stage.runAndStop();
            stage.run();

            assertThat(stage.status().path("gpusReleased").asInt()).isEqualTo(2);
        }
    }
}
