package dev.trimtab.knative.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and values of labels, and names of objects, at the edges of what Kubernetes accepts. */
class QualifiedNameTest {
    private static final String LONGEST = "a".repeat(63);
    private static final String LONGEST_PREFIX = "a.".repeat(126) + "b";

    @ParameterizedTest
    @ValueSource(strings = {"a", "A_b.c-9", "example.com/a", "1.a-b.c/9"})
    void names(String name) {
        assertThat(QualifiedName.objection(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", ".a", "ä", "a b", "example.com/", "example.com/-a"})
    void badNames(String name) {
        assertThat(QualifiedName.objection(name))
                .hasValueSatisfying(it -> assertThat(it).startsWith("name part must consist of"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "Example.com/a", "-a/b", "a-/b", "a..b/c", "a_b/c"})
    void badPrefixes(String name) {
        assertThat(QualifiedName.objection(name))
                .contains("prefix part must be a DNS subdomain of at most 253 characters");
    }

    @Test
    @DisplayName("63 characters for a name, 253 for its prefix, one slash")
    void bounds() {
        assertThat(LONGEST_PREFIX).hasSize(253);
        assertThat(QualifiedName.objection(LONGEST_PREFIX + "/" + LONGEST)).isEmpty();
        assertThat(QualifiedName.objection(LONGEST + "a")).contains("name part must be no more than 63 bytes");
        assertThat(QualifiedName.objection("a" + LONGEST_PREFIX + "/" + LONGEST + "a"))
                .contains(
                        "prefix part must be a DNS subdomain of at most 253 characters, name part must be no more than"
                                + " 63 bytes");
        assertThat(QualifiedName.objection("a/b/c"))
                .hasValueSatisfying(it -> assertThat(it).startsWith("a qualified name must consist of"));
    }

    @Test
    @DisplayName("a label's value: as a name, or empty, and without a prefix")
    void values() {
        for (String fine : new String[] {"", "a", "A_b.c-9", LONGEST}) {
            assertThat(QualifiedName.objectionToValue(fine)).as(fine).isEmpty();
        }
        for (String bad : new String[] {LONGEST + "a", "-a", "a-", "a/b", "a b"}) {
            assertThat(QualifiedName.objectionToValue(bad)).as(bad).hasValueSatisfying(it -> assertThat(it)
                    .startsWith("a label's value must be of at most 63"));
        }
    }

    @Test
    @DisplayName("names of objects: a letter first; a prefix may end in a dash; a host name may begin with a digit")
    void labels() {
        for (String fine : new String[] {"a", "a-9", LONGEST}) {
            assertThat(DnsLabel.objection(fine)).as(fine).isEmpty();
        }
        assertThat(DnsLabel.objection(LONGEST + "a")).contains("[must be no more than 63 characters]");
        for (String bad : new String[] {"", "9a", "a-", "A", "a.b"}) {
            assertThat(DnsLabel.objection(bad)).as(bad).hasValueSatisfying(it -> assertThat(it)
                    .startsWith("[a DNS-1035 label must consist of"));
        }
        assertThat(DnsLabel.prefixObjection("a-")).isEmpty();
        assertThat(DnsLabel.prefixObjection("a" + "b".repeat(61) + "-")).isEmpty();
        assertThat(DnsLabel.prefixObjection("-")).isPresent();
        assertThat(DnsLabel.prefixObjection("A-")).isPresent();
        assertThat(DnsLabel.isRfc1123("9a")).isTrue();
        assertThat(DnsLabel.isRfc1123(LONGEST)).isTrue();
        assertThat(DnsLabel.isRfc1123(LONGEST + "a")).isFalse();
        assertThat(DnsLabel.isRfc1123("a_b")).isFalse();
    }
}
