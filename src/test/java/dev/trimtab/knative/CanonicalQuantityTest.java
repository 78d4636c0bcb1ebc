package dev.trimtab.knative;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Quantities;
import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our canonical form of a quantity against a second implementation, and against Kubernetes' own examples. */
class CanonicalQuantityTest {
    @ParameterizedTest
    @DisplayName("as Kubernetes prints it")
    @CsvSource({
        "1000m, 1",
        "0.4, 400m",
        "2.5, 2500m",
        "1.5Gi, 1536Mi",
        "1024Mi, 1Gi",
        "0.5Ki, 512",
        "0.1Mi, 104857600m",
        "1000, 1k",
        "1500, 1500",
        "100000000, 100M",
        "0, 0",
        "0Gi, 0",
        "-1.50, -1500m",
        "+2, 2",
        "1e3, 1e3",
        "12e2, 1200",
        "1.5E3, 1500",
        "1e-3, 1e-3",
        "0.0000000001, 1n",
        "2Ei, 2Ei",
        "3E, 3E",
        "four, four"
    })
    void canonical(String written, String printed) {
        assertThat(Quantities.canonical(written)).isEqualTo(printed);
    }

    @Property(tries = 2000 / SHARE, seed = SEED)
    void asTheOracleSays(@ForAll("quantities") String quantity) {
        String canonical = Quantities.canonical(quantity);
        assertThat(canonical).isEqualTo(CanonicalQuantity.of(quantity));
        assertThat(Quantities.canonical(canonical)).isEqualTo(canonical);
        assertThat(Quantities.same(TextNode.valueOf(canonical), TextNode.valueOf(quantity)))
                .isTrue();
    }

    @Provide
    Arbitrary<String> quantities() {
        Arbitrary<BigDecimal> numbers = Arbitraries.bigDecimals()
                .between(new BigDecimal("-1000"), new BigDecimal("100000"))
                .ofScale(3);
        return Combinators.combine(numbers, Arbitraries.of("", "m", "k", "M", "G", "Ki", "Mi", "Gi"))
                .as((number, suffix) -> number.toPlainString() + suffix);
    }
}
