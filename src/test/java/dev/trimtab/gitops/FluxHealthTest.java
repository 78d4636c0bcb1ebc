package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The expressions in {@code deploy/gitops/flux/models.yaml}, evaluated. */
class FluxHealthTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode kustomization = Recipes.load(Recipes.FOLDER.resolve("flux/models.yaml"));

    @ParameterizedTest
    @EnumSource(Statuses.class)
    @DisplayName("a service that runs or is stopped is current; what comes up or fails is waited for")
    void current(Statuses status) throws Exception {
        for (JsonNode health : kustomization.at("/spec/healthCheckExprs")) {
            assertThat(evaluate(health.path("current").asText(), status.object()))
                    .as(health.path("kind").asText())
                    .isEqualTo(status.isCurrent());
        }
        assertThat(kustomization.at("/spec/healthCheckExprs")).hasSize(2);
    }

    @Test
    @DisplayName("docs/stop-and-start.md has the same expression")
    void page() {
        String expression = kustomization.at("/spec/healthCheckExprs/0/current").asText();

        assertThat(Recipes.text(Path.of("docs", "stop-and-start.md")).replaceAll("\\s+", " "))
                .contains(expression.strip());
    }

    /** With an object's top-level fields as variables; one without status is waited for. */
    private static boolean evaluate(String expression, ObjectNode object) throws Exception {
        Cel cel = CelFactory.standardCelBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.optional())
                .addRuntimeLibraries(CelExtensions.optional())
                .addVar("metadata", SimpleType.DYN)
                .addVar("status", SimpleType.DYN)
                .build();
        var program = cel.createProgram(cel.compile(expression).getAst());
        Map<String, Object> variables = new HashMap<>();
        for (String name : List.of("metadata", "status")) {
            if (object.has(name)) {
                variables.put(name, JSON.convertValue(object.get(name), Map.class));
            }
        }
        return variables.containsKey("status") && Boolean.TRUE.equals(program.eval(variables));
    }
}
