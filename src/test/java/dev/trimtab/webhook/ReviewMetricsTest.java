package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.webhook.ReviewMetrics.LineBudget;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReviewMetricsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LineBudget budget = new LineBudget();

    @Test
    @DisplayName("prints the first lines of a second, and the first of the next one")
    void budget() {
        long printed = LongStream.range(0, 3 * LineBudget.LINES)
                .filter(i -> budget.take(7 * SECOND + i))
                .count();

        assertThat(printed).isEqualTo(LineBudget.LINES);
        assertThat(budget.take(8 * SECOND)).isTrue();
    }

    @Test
    @DisplayName("a thread that comes late does not begin an earlier second anew")
    void late() {
        assertThat(budget.take(9 * SECOND)).isTrue();
        for (int i = 1; i < LineBudget.LINES; i++) {
            assertThat(budget.take(8 * SECOND)).isTrue();
        }
        assertThat(budget.take(9 * SECOND)).isFalse();
    }

    @Test
    @DisplayName("a clock may begin below zero")
    void negative() {
        assertThat(budget.take(-5 * SECOND)).isTrue();
    }
}
