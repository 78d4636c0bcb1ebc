package dev.trimtab.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Knative writes quantities in its own form: a template must not look changed for that. */
class QuantitiesTest {
    @ParameterizedTest
    @DisplayName("the same amount, however it is written")
    @CsvSource({"1,1000m", "0.5,500m", "1Gi,1024Mi", "1e3,1k", "1024,1Ki", "2,2.0", "0,0Gi"})
    void same(String one, String other) {
        assertThat(Quantities.same(TextNode.valueOf(one), TextNode.valueOf(other)))
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName("another amount, or none at all")
    @CsvSource({"1,1001m", "1G,1Gi", "1,x", "x,x", "'',0", "1Gi,1 Gi"})
    void different(String one, String other) {
        assertThat(Quantities.same(TextNode.valueOf(one), TextNode.valueOf(other)))
                .isFalse();
    }

    @Test
    @DisplayName("a bare number is a quantity too")
    void numbers() {
        assertThat(Quantities.same(IntNode.valueOf(1), TextNode.valueOf("1000m")))
                .isTrue();
        assertThat(Quantities.same(DecimalNode.valueOf(new BigDecimal("0.5")), TextNode.valueOf("500m")))
                .isTrue();
        assertThat(Quantities.amount(TextNode.valueOf("12Gi"))).contains(new BigDecimal("12884901888"));
    }
}
