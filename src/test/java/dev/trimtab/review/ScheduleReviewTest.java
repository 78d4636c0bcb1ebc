package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScheduleReviewTest {
    private final ScheduleReview review = new ScheduleReview();

    private static ObjectNode schedule(String name, String selector, String more) {
        return (ObjectNode) YamlStream.read("""
                apiVersion: trimtab.dev/v1alpha1
                kind: ServingSchedule
                metadata: {name: %s, namespace: ml}
                spec:
                  selector: %s
                  timeZone: Europe/Berlin
                  uptime: ["Mon-Fri 08:00-20:00"]
                """.formatted(name, selector) + more.indent(2))
                .get(0)
                .content();
    }

    private static Settings knowing(ObjectNode... schedules) {
        Settings settings = Settings.DEFAULTS;
        for (ObjectNode schedule : schedules) {
            Manifest it = new Manifest(schedule);
            ServingSchedule.Valid valid = (ServingSchedule.Valid) ServingSchedule.read(it);
            settings = settings.withSchedules(known -> known.with("ml", it.name(), valid.schedule()));
        }
        return settings;
    }

    private String refusal(ObjectNode schedule, Optional<ObjectNode> stored, Settings settings) {
        ObjectNode request = (ObjectNode) YamlStream.read("""
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request: {uid: u, namespace: ml, operation: %s}
                """.formatted(stored.isPresent() ? "UPDATE" : "CREATE"))
                .get(0)
                .content();
        request.withObject("/request").set("object", schedule);
        stored.ifPresent(it -> request.withObject("/request").set("oldObject", it));
        try {
            JsonNode answer = review.answer(AdmissionRequest.parse(request), settings)
                    .toJson()
                    .path("response");
            assertThat(answer.path("allowed").asBoolean())
                    .isEqualTo(answer.at("/status/message").isMissingNode());
            return answer.at("/status/message").asText();
        } catch (MalformedReview malformed) {
            throw new AssertionError(malformed);
        }
    }

    private String created(ObjectNode schedule, Settings settings) {
        return refusal(schedule, Optional.empty(), settings);
    }

    @Test
    @DisplayName("all problems at once, each with its field")
    void problems() {
        ObjectNode wrong = schedule("office", "{matchLabels: {tier: dev}}", "warmUpMinutes: -1\nholidays: [easter]");

        assertThat(created(wrong, Settings.DEFAULTS))
                .contains("spec.warmUpMinutes")
                .contains("spec.holidays[0]");
    }

    @Test
    @DisplayName("another schedule that may select the same service: both names, both selectors")
    void overlap() {
        ObjectNode dev = schedule("office", "{matchLabels: {tier: dev}}", "");
        ObjectNode search = schedule("nights", "{matchLabels: {team: search}}", "");

        assertThat(created(search, knowing(dev)))
                .contains("nights (team=search)")
                .contains("office (tier=dev)");
        assertThat(created(search, knowing(search))).as("itself").isEmpty();
        assertThat(created(schedule("prod", "{matchLabels: {tier: prod}}", ""), knowing(dev)))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "what does not act, or selects other kinds, overlaps with nothing; what is stored can be changed otherwise")
    void waysOut() {
        ObjectNode dev = schedule("office", "{matchLabels: {tier: dev}}", "");
        Settings known = knowing(dev);

        assertThat(created(schedule("nights", "{matchLabels: {team: a}}", "suspend: true"), known))
                .isEmpty();
        assertThat(created(schedule("nights", "{matchLabels: {team: a}}", "kinds: [LLMInferenceService]"), known))
                .isEmpty();
        ObjectNode stored = schedule("nights", "{matchLabels: {team: a}}", "");
        ObjectNode later = schedule("nights", "{matchLabels: {team: a}}", "onDelete: Start");
        assertThat(refusal(later, Optional.of(stored), known)).isEmpty();
        ObjectNode back = schedule("nights", "{matchLabels: {team: a}}", "suspend: true");
        assertThat(refusal(stored, Optional.of(back), known)).contains("office");
    }

    @Test
    @DisplayName("an update that leaves the spec alone is taken, whatever is stored")
    void unchanged() {
        ObjectNode wrong = schedule("office", "{matchLabels: {tier: dev}}", "holidays: [easter]");
        ObjectNode labelled = wrong.deepCopy();
        labelled.withObject("/metadata").withObject("labels").put("team", "search");

        assertThat(refusal(labelled, Optional.of(wrong), Settings.DEFAULTS)).isEmpty();
    }
}
