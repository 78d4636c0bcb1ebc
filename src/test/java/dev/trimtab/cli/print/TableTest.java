package dev.trimtab.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.print.Paint.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Table TABLE = new Table(
            List.of(
                    List.of("NAME", "RULE", "FIELD", "WHY"),
                    List.of(
                            "llama",
                            "initial-scale",
                            "autoscaling.knative.dev/initial-scale",
                            "lowered to max-scale 3"),
                    List.of("chat", "probes", "containers.0.readinessProbe", "-")),
            List.of("RULE", "WHY"));

    @Test
    @DisplayName("without a width, each column is as wide as its widest cell")
    void whole() {
        assertThat(printed(OptionalInt.empty())).isEqualTo("""
                NAME    RULE            FIELD                                   WHY
                llama   initial-scale   autoscaling.knative.dev/initial-scale   lowered to max-scale 3
                chat    probes          containers.0.readinessProbe             -
                """);
        assertThat(printed(OptionalInt.of(86))).isEqualTo(printed(OptionalInt.empty()));
    }

    @Test
    @DisplayName("a narrower terminal: cells are wrapped, at a blank or behind a slash or dot if there is one")
    void wrapped() {
        assertThat(printed(OptionalInt.of(76))).isEqualTo("""
                NAME    RULE            FIELD                         WHY
                llama   initial-scale   autoscaling.knative.dev/      lowered to max-scale 3
                                        initial-scale
                chat    probes          containers.0.readinessProbe   -
                """);
    }

    @Test
    @DisplayName("a terminal that is narrower still: columns are left out, in their order, and named")
    void leftOut() {
        assertThat(printed(OptionalInt.of(50))).isEqualTo("""
                NAME    FIELD                 WHY
                llama   autoscaling.          lowered to max-
                        knative.dev/          scale 3
                        initial-scale
                chat    containers.0.         -
                        readinessProbe
                (left out to fit 50 columns: RULE; -o wide shows all)
                """);
        assertThat(printed(OptionalInt.of(20)))
                .endsWith("(left out to fit 20 columns: RULE, WHY; -o wide shows all)\n");
    }

    @Test
    @DisplayName("every table fits a terminal that has room for what must be there")
    void fits() {
        for (int width = 24; width < 120; width++) {
            int columns = width;
            assertThat(printed(OptionalInt.of(width)).lines().filter(it -> !it.startsWith("(")))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
        }
    }

    @Test
    @DisplayName("COLUMNS is the width; what is no number is not")
    void columns() {
        assertThat(Terminal.width("120")).hasValue(120);
        for (String other : new String[] {"", "0", "-3", "wide", null}) {
            assertThat(Terminal.width(other)).as(other).isEmpty();
        }
    }

    private static String printed(OptionalInt width) {
        StringWriter out = new StringWriter();
        TABLE.print(width, new PrintWriter(out));
        return out.toString();
    }
}
