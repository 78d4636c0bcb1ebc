package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.schedule.ServingSchedule.OnDelete;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema in the CustomResourceDefinition and the reader know the same. */
class ScheduleSchemaTest {
    private final JsonNode spec;

    ScheduleSchemaTest() throws IOException {
        JsonNode crd = YamlStream.read(Files.readString(Path.of("deploy", "webhook", "26-schedules.yaml")))
                .get(0)
                .content();
        spec = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }

    @Test
    @DisplayName("the same keys, each with words on it or on its parts")
    void keys() {
        List<String> keys = new ArrayList<>();
        spec.path("properties").fieldNames().forEachRemaining(keys::add);

        assertThat(keys).containsExactlyInAnyOrderElementsOf(ScheduleReader.KEYS);
        spec.path("properties")
                .properties()
                .forEach(it ->
                        assertThat(it.getValue().toString()).as(it.getKey()).contains("\"description\""));
    }

    @Test
    @DisplayName("the same terms and defaults")
    void terms() {
        assertThat(texts(spec.at("/properties/onDelete/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(OnDelete.values()).map(OnDelete::term).toList());
        assertThat(texts(spec.at("/properties/kinds/items/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Stoppable.values()).map(Stoppable::kindName).toList());
        assertThat(spec.at("/properties/stagger/properties/readyWithinMinutes/default")
                        .asInt())
                .isEqualTo(ScheduleReader.READY_WITHIN_MINUTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mon-Fri 08:00-20:00", "Mon-Fri 8-20", "8:00-12:00,13:00-18:00", "24/7", "Sat 22:00-26:00"})
    @DisplayName("the API server's own check of windows refuses none that the reader takes")
    void windows(String window) throws WindowSyntaxException {
        String rule = spec.at("/properties/uptime/items/x-kubernetes-validations/0/rule")
                .asText();
        Matcher pattern = Pattern.compile("self\\.matches\\('(.*)'\\)").matcher(rule);

        assertThat(Window.parse(window)).isNotEmpty();
        assertThat(pattern.matches()).as(rule).isTrue();
        assertThat(window).containsPattern(pattern.group(1));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(it -> texts.add(it.asText()));
        return texts;
    }
}
