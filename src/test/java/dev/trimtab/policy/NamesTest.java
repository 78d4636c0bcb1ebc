package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    static Stream<String> labelKeys() {
        return Stream.of(
                "a",
                "A1_b.c-d",
                "a".repeat(63),
                "example.com/team",
                "a/b",
                "x".repeat(63) + "." + "x".repeat(63) + "." + "x".repeat(63) + "." + "x".repeat(61) + "/n");
    }

    @ParameterizedTest
    @MethodSource
    void labelKeys(String key) {
        assertThat(Names.labelKeyFlaw(key)).isEmpty();
    }

    static Stream<String> notLabelKeys() {
        return Stream.of(
                "",
                "/",
                "a/",
                "/a",
                "a/b/c",
                "-a",
                "a-",
                "a b",
                "ä",
                "a\n",
                "Example.com/a",
                "a..b/c",
                "a_b/c",
                "a".repeat(64),
                "x".repeat(64) + "/" + "y".repeat(64),
                "a.".repeat(127) + "/n",
                "a".repeat(254) + "/n");
    }

    @ParameterizedTest
    @MethodSource
    void notLabelKeys(String key) {
        assertThat(Names.labelKeyFlaw(key)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A.b_c-1", "123456789012345678901234567890123456789012345678901234567890123"})
    void labelValues(String value) {
        assertThat(Names.labelValueFlaw(value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "a ",
                "-",
                "a-",
                ".a",
                "a/b",
                "1234567890123456789012345678901234567890123456789012345678901234"
            })
    void notLabelValues(String value) {
        assertThat(Names.labelValueFlaw(value)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1", "a-b", "123456789012345678901234567890123456789012345678901234567890123"})
    void dnsLabels(String name) {
        assertThat(Names.dnsLabelFlaw(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "a.b",
                "a_b",
                "-a",
                "a-",
                "1234567890123456789012345678901234567890123456789012345678901234"
            })
    void notDnsLabels(String name) {
        assertThat(Names.dnsLabelFlaw(name)).isPresent();
    }
}
