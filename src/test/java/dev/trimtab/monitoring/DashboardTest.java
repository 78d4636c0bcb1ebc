package dev.trimtab.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The dashboard works in any Grafana, and its panels stand side by side. */
class DashboardTest {
    private final JsonNode dashboard = Shipped.dashboard();

    @Test
    @DisplayName("it asks for a data source, and has no id of the Grafana in which it was made")
    void portable() {
        assertThat(dashboard.has("uid")).isFalse();
        assertThat(dashboard.has("id")).isFalse();
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(dashboard.findValuesAsText("uid")).containsOnly("${datasource}");
        for (JsonNode panel : dashboard.path("panels")) {
            boolean row = panel.path("type").asText().equals("row");
            assertThat(panel.path("targets").isEmpty())
                    .as(panel.path("title").asText())
                    .isEqualTo(row);
            assertThat(row || !panel.path("description").asText().isEmpty()).isTrue();
        }
    }

    @Test
    @DisplayName("no two panels have an id or a place in common, and each line is full")
    void layout() {
        List<JsonNode> panels = Shipped.stream(dashboard.path("panels")).toList();
        assertThat(panels).extracting(it -> it.path("id").asInt()).doesNotHaveDuplicates();
        boolean[][] taken = new boolean[200][24];
        int area = 0;
        int bottom = 0;
        for (JsonNode panel : panels) {
            JsonNode place = panel.path("gridPos");
            for (int y = 0; y < place.path("h").asInt(); y++) {
                for (int x = 0; x < place.path("w").asInt(); x++) {
                    int row = place.path("y").asInt() + y;
                    int column = place.path("x").asInt() + x;
                    assertThat(taken[row][column])
                            .as(panel.path("title").asText())
                            .isFalse();
                    taken[row][column] = true;
                    area++;
                    bottom = Math.max(bottom, row + 1);
                }
            }
        }
        assertThat(area).isEqualTo(bottom * 24);
    }
}
