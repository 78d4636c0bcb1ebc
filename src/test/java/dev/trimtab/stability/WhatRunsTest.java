package dev.trimtab.stability;

import static dev.trimtab.manifest.ScaleAnnotation.INITIAL_SCALE;
import static dev.trimtab.stability.Services.handWritten;
import static dev.trimtab.stability.Services.rendered;
import static dev.trimtab.stability.Services.running;
import static dev.trimtab.stability.Services.settings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an UPDATE takes from the Revisions that are there: how many pods to start with, and what a rollback goes back to. */
class WhatRunsTest {
    private static final String IMAGE = "ghcr.io/example/llm:1";
    private static final String NEW_IMAGE = "ghcr.io/example/llm:2";
    private static final Settings MATCHED =
            settings("scaling: {initialScale: {onUpdate: TrafficMatched, factor: 1.2}}", Map.of());
    private static final Settings PROFILE = settings("profiles: [{name: all, maxResponseSeconds: 400}]", Map.of());

    @ParameterizedTest(name = "{0} run, {1}: {2}")
    @CsvSource(
            value = {
                "3, min-scale=1, 4",
                "5, min-scale=1, 6",
                "9, max-scale=8, 8",
                "2, min-scale=5, 5",
                "0, min-scale=2, 2",
                "0, min-scale=0, 1",
                "-, min-scale=2, 2"
            },
            nullValues = "-")
    @DisplayName("a changed template starts with what runs times 1.2, within min-scale and max-scale")
    void trafficMatched(Integer pods, String bound, String expected) {
        // Given
        StoredService service = StoredService.create(handWritten(IMAGE, bound), MATCHED);
        service.change(MATCHED.withRevisions(known -> pods == null ? known : running(pods)));
        // When
        send(service, handWritten(NEW_IMAGE, bound));
        // Then
        assertThat(service.value(INITIAL_SCALE)).isEqualTo(expected);
        assertThat(service.record().filled())
                .containsEntry(KnativeService.annotation(INITIAL_SCALE.key()), TextNode.valueOf(expected));
    }

    @Test
    @DisplayName("not on CREATE, not without a change, not where the author wrote one, not by a policy that keeps")
    void notMatched() {
        Settings busy = MATCHED.withRevisions(known -> running(5));
        StoredService service = StoredService.create(handWritten(IMAGE), busy);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
        send(service, handWritten(IMAGE));
        assertThat(service.answer().review().course()).isEqualTo(Course.REPLAYED);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
        send(service, handWritten(NEW_IMAGE, "initial-scale=2"));
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("2");
        service.change(Settings.DEFAULTS.withRevisions(known -> running(5)));
        send(service, handWritten(IMAGE));
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
    }

    @Test
    @DisplayName("nothing above 1 beside serving-progressive-rollout")
    void progressiveRollout() {
        StoredService service = StoredService.create(handWritten(IMAGE), MATCHED);
        service.change(
                MATCHED.withRevisions(known -> running(5)).withCluster(ClusterFacts.NONE.withProgressiveRollout(true)));
        send(service, handWritten(NEW_IMAGE));
        assertThat(service.value(INITIAL_SCALE)).isEmpty();
    }

    @Test
    @DisplayName("KServe's real update carries its dry-run's number: recorded as ours though others run by then")
    void throughKServe() {
        // Given
        StoredService service = StoredService.create(rendered(IMAGE), MATCHED);
        AtomicInteger pods = new AtomicInteger(2);
        service.meanwhile(now -> now.withRevisions(known -> running(pods.getAndAdd(2))));
        // When
        service.reconcile(rendered(NEW_IMAGE));
        // Then
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("3");
        assertThat(service.record().filled())
                .containsEntry(KnativeService.annotation(INITIAL_SCALE.key()), TextNode.valueOf("3"));
        assertThat(label(service)).isNotEmpty();
        ObjectNode first = service.copy();
        for (int round = 0; round < 3; round++) {
            service.reconcile(rendered(NEW_IMAGE));
            assertThat(service.template()).isEqualTo(first.at(KnativeService.TEMPLATE));
            assertThat(label(service)).isEmpty();
        }
        assertThat(service.generation()).isEqualTo(2);
    }

    @Test
    @DisplayName("back to a Revision that its author had named: its pod spec, as it is")
    void rollback() {
        // Given a Revision that was filled, and another after it
        StoredService service = StoredService.create(named("llm-blue", IMAGE), PROFILE);
        JsonNode blue = service.copy().at(KnativeService.POD_SPEC);
        assertThat(blue.path("timeoutSeconds").asInt()).isEqualTo(480);
        send(service, named("llm-green", NEW_IMAGE));
        assertThat(service.copy()
                        .at(KnativeService.POD_SPEC)
                        .path("timeoutSeconds")
                        .asInt())
                .as("nothing is known of a Revision of this name")
                .isEqualTo(300);
        // When its author goes back, by a policy that would fill another value
        service.change(settings("profiles: [{name: all, maxResponseSeconds: 450}]", Map.of())
                .withRevisions(known -> known.with("ml-prod", revision("llm-blue", blue))));
        send(service, named("llm-blue", IMAGE));
        // Then
        assertThat((Object) service.copy().at(KnativeService.POD_SPEC)).isEqualTo(blue);
        assertThat(service.record().filled())
                .containsEntry(KnativeService.POD_SPEC.appendProperty("timeoutSeconds"), blue.path("timeoutSeconds"));
        // And it stays
        service.change(PROFILE);
        service.write(service.copy());
        assertThat((Object) service.copy().at(KnativeService.POD_SPEC)).isEqualTo(blue);
    }

    @Test
    @DisplayName("back to a Revision that was not filled: just as it is")
    void rollbackToUnfilled() {
        // Given
        StoredService service = StoredService.createUnseen(named("llm-blue", IMAGE), Settings.DEFAULTS);
        JsonNode blue = service.copy().at(KnativeService.POD_SPEC);
        send(service, named("llm-green", NEW_IMAGE));
        // When
        service.change(PROFILE.withRevisions(known -> known.with("ml-prod", revision("llm-blue", blue))));
        send(service, named("llm-blue", IMAGE));
        // Then
        assertThat((Object) service.copy().at(KnativeService.POD_SPEC)).isEqualTo(blue);
    }

    /** Another template, and all else as it is stored: what a patch comes to. */
    private static void send(StoredService service, ObjectNode changed) {
        ObjectNode sent = service.copy();
        sent.set("spec", changed.path("spec"));
        service.write(sent);
    }

    private static String label(StoredService service) {
        return service.copy().at("/metadata/labels/filled.trimtab.dev~10").asText();
    }

    private static Revision revision(String name, JsonNode spec) {
        return new Revision("llm", name, false, OptionalInt.empty(), Optional.of(spec));
    }

    /** Without a timeout of its own; service links are what Knative fills on CREATE only, and kubectl apply keeps. */
    private static ObjectNode named(String revision, String image) {
        ObjectNode service = handWritten(image);
        ((ObjectNode) service.at(KnativeService.POD_SPEC)).put("enableServiceLinks", false);
        ((ObjectNode) service.at(KnativeService.POD_SPEC)).remove("timeoutSeconds");
        Pointers.set(service, Pointers.of("spec", "template", "metadata", "name"), TextNode.valueOf(revision));
        return service;
    }
}
