package dev.trimtab.policy;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "ml,       ml,       true",
        "ml,       ml-dev,   false",
        "ml,       xml,      false",
        "ml-*,     ml-,      true",
        "ml-*,     ml-dev,   true",
        "ml-*,     ml,       false",
        "*-dev,    ml-dev,   true",
        "*-dev,    ml-dev-2, false",
        "*,        a,        true",
        "?,        a,        true",
        "?,        ab,       false",
        "team-?,   team-,    false",
        "*a*b,     xaxaxb,   true",
        "*a*b,     xaxbx,    false",
        "a**b,     ab,       true",
        "**,       a,        true",
    })
    void matches(String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
    }

    /** Few letters, so that many pairs match. */
    @Property(tries = 5000 / SHARE, seed = SEED)
    void agreesWithTheRegularExpression(
            @ForAll @Chars({'a', 'b', '-', '*', '?'}) @StringLength(min = 1, max = 9) String pattern,
            @ForAll @Chars({'a', 'b', '-'}) @StringLength(max = 9) String name) {
        String expression = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Character.toString(c))
                .collect(Collectors.joining());

        assertThat(new Glob(pattern).matches(name)).isEqualTo(name.matches(expression));
    }

    @Test
    @DisplayName("a pattern that makes a backtracking matcher run for years is done at once")
    void hostile() {
        assertThat(new Glob("*a".repeat(63) + "*b").matches("a".repeat(63))).isFalse();
    }
}
