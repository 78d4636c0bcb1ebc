package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever stands in uptime: windows, or one message on one line. */
class WindowPropertyTest {
    private static final List<String> PIECES = List.of(
            "Mon",
            "Fri",
            "Mo",
            "Su",
            "-",
            ",",
            " ",
            ":",
            ";",
            "||",
            "08:00",
            "20:00",
            "24:00",
            "00:00",
            "48:00",
            "99:99",
            "+",
            "/",
            "24/7",
            "[",
            "]",
            "PH",
            "SH",
            "off",
            "closed",
            "open",
            "\"",
            "week",
            "Jan",
            "2026",
            "sunrise",
            "(",
            ")",
            "easter",
            "day",
            "8",
            "pm",
            "am",
            "\u0000",
            "\n",
            "–",
            "月",
            "9999999999999999999",
            "\t",
            "to",
            "until",
            "~",
            "`");

    @Property(tries = 8000 / SHARE, seed = SEED)
    void readsOrRefuses(@ForAll long seed) {
        Random chance = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = chance.nextInt(9); i >= 0; i--) {
            text.append(PIECES.get(chance.nextInt(PIECES.size())));
            if (chance.nextInt(3) == 0) {
                text.append(' ');
            }
        }
        try {
            assertThat(Window.parse(text.toString())).isNotEmpty();
        } catch (WindowSyntaxException problem) {
            assertThat(problem).hasMessageNotContaining("\n").hasMessageMatching("(?s).{10,400}");
        }
    }
}
