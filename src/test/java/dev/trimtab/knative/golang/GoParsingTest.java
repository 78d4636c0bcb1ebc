package dev.trimtab.knative.golang;

import static dev.trimtab.Seeds.SEED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expectations were printed by Go 1.26. */
class GoParsingTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "+5, 5", "007, 7", "-0, 0", "-12, -12", "2147483647, 2147483647", "-2147483648, -2147483648"})
    void int32(String text, int expected) {
        assertThat(GoParsing.int32(text)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 5",
                "5 ",
                "5.0",
                "1_000",
                "+",
                "-",
                "--1",
                "0x10",
                "1e2",
                "2147483648",
                "-2147483649",
                "\u0663",
                "\uff15",
                "\u0665\u0666"
            })
    @DisplayName("what Go refuses as an integer, Arabic and full-width digits included")
    void noInt32(String text) {
        assertThat(GoParsing.int32(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "3000000000, 3000000000",
        "+9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void atoi(String text, long expected) {
        assertThat(GoParsing.int64(text)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1.0", "9223372036854775808", "-9223372036854775809", "99999999999999999999"})
    void noAtoi(String text) {
        assertThat(GoParsing.int64(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"99999999999, true", "-2147483649, true", "+007, true", "99999999999x, false", "5.0, false", "'', false"
    })
    void integers(String text, boolean expected) {
        assertThat(GoParsing.isInteger(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "t", "T", "TRUE", "true", "True"})
    void isTrue(String text) {
        assertThat(GoParsing.bool(text)).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "f", "F", "FALSE", "false", "False"})
    void isFalse(String text) {
        assertThat(GoParsing.bool(text)).contains(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "no", "on", "tRUE", " true", "invalid"})
    void noBool(String text) {
        assertThat(GoParsing.bool(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "50.0, 50",
        "1e2, 100",
        "5., 5",
        ".5, 0.5",
        "+1, 1",
        "-0.25, -0.25",
        "0x1p-2, 0.25",
        "0X1.8P3, 12",
        "1e-400, 0",
        "Inf, Infinity",
        "-infinity, -Infinity",
        "NaN, NaN",
        "nan, NaN",
        "1_000, 1000",
        "1_23.50_0_0e+1_2, 1.235e14",
        "0x_1p2, 4",
        "0x_1_2.3_4_5p+1_2, 74565"
    })
    void float64(String text, double expected) {
        assertThat(GoParsing.float64(text)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", " 1", "1 ", "1f", "1d", "1,5", "0x1", "0x", "+nan", "infin", "1e", "1e400", "-1e400", "100}",
                "_1", "1_", "1__0", "1._5", "1e_5", "fifty", "\u0661"
            })
    @DisplayName("what Go refuses as a number, Java's suffixes included")
    void noFloat64(String text) {
        assertThat(GoParsing.float64(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "+0, 0",
        "-0, 0",
        "0s, 0",
        "60s, 60000000000",
        "1m30s, 90000000000",
        "-1.5h, -5400000000000",
        "300ms, 300000000",
        "1h1m1.5s, 3661500000000",
        "1us, 1000",
        "1\u00b5s, 1000",
        "1\u03bcs, 1000",
        "7ns, 7",
        "1.s, 1000000000",
        ".5s, 500000000",
        "+5s, 5000000000",
        "1s1s, 2000000000",
        "0.0000000001s, 0",
        "1.0000000000000000000000009s, 1000000000",
        "9223372036854775807ns, 9223372036854775807",
        "-9223372036854775808ns, -9223372036854775808"
    })
    void duration(String text, long nanos) {
        assertThat(GoParsing.duration(text)).contains(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'invalid duration \"\"'",
        "60, 'missing unit in duration \"60\"'",
        "00, 'missing unit in duration \"00\"'",
        "1h30, 'missing unit in duration \"1h30\"'",
        "1x, 'unknown unit \"x\" in duration \"1x\"'",
        "1d, 'unknown unit \"d\" in duration \"1d\"'",
        "1S, 'unknown unit \"S\" in duration \"1S\"'",
        "1h \u00e9, 'unknown unit \"h \\xc3\\xa9\" in duration \"1h \\xc3\\xa9\"'",
        "-, 'invalid duration \"-\"'",
        ".s, 'invalid duration \".s\"'",
        "' 1s', 'invalid duration \" 1s\"'",
        "9223372036854775808ns, 'invalid duration \"9223372036854775808ns\"'",
        "2562048h, 'invalid duration \"2562048h\"'",
        "-2562048h, 'invalid duration \"-2562048h\"'",
        "9223372036s9223372036s, 'invalid duration \"9223372036s9223372036s\"'",
        "99999999999999999999s, 'invalid duration \"99999999999999999999s\"'"
    })
    void noDuration(String text) {
        assertThat(GoParsing.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "1500, 1.5\u00b5s",
        "300000000, 300ms",
        "999999999, 999.999999ms",
        "1000000000, 1s",
        "61984000000, 1m1.984s",
        "3600000000000, 1h0m0s",
        "-60000000000, -1m0s",
        "90061000000001, 25h1m1.000000001s",
        "9223372036854775807, 2562047h47m16.854775807s",
        "-9223372036854775808, -2562047h47m16.854775808s"
    })
    void formatDuration(long nanos, String expected) {
        assertThat(GoParsing.format(Duration.ofNanos(nanos))).isEqualTo(expected);
    }

    @Test
    void quotesControlCharacters() {
        assertThat(GoParsing.quote("a\nb\"\\\t\r\u0001\u00e9")).isEqualTo("\"a\\nb\\\"\\\\\\t\\r\\x01\u00e9\"");
    }

    @Test
    @DisplayName("a very long text costs little time")
    void longTexts() {
        String digits = "9".repeat(200_000);

        assertThat(GoParsing.int32(digits)).isEmpty();
        assertThat(GoParsing.int32("0".repeat(200_000) + "7")).hasValue(7);
        assertThat(GoParsing.duration(digits + "s")).isEmpty();
        assertThat(GoParsing.duration("1." + digits + "s")).contains(Duration.ofNanos(1_999_999_999));
        assertThat(GoParsing.duration("1s".repeat(100_000))).contains(Duration.ofSeconds(100_000));
    }

    @Property(seed = SEED)
    void aFormattedDurationIsTheSameDuration(@ForAll long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        assertThat(GoParsing.duration(GoParsing.format(duration))).contains(duration);
    }

    @Property(seed = SEED)
    void aPrintedNumberIsTheSameNumber(@ForAll int number) {
        assertThat(GoParsing.int32(Integer.toString(number))).hasValue(number);
    }

    @Property(seed = SEED)
    void noTextThrows(@ForAll String text) {
        assertThat(GoParsing.int32(text).isPresent() && GoParsing.int64(text).isEmpty())
                .isFalse();
        assertThat(GoParsing.int64(text).isPresent() && GoParsing.float64(text).isEmpty())
                .isFalse();
        assertThat(GoParsing.bool(text)).isNotNull();
        assertThat(GoParsing.duration(text)).isNotNull();
    }
}
