package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(10);

    @Test
    @DisplayName("what does not fit is refused and takes nothing; what is given back is free again, once")
    void bound() {
        BodyBudget.Share first = budget.take(6).orElseThrow();
        assertThat(budget.take(5)).isEmpty();
        assertThat(budget.free()).isEqualTo(4);
        assertThat(budget.take(4)).isPresent();
        assertThat(budget.take(1)).isEmpty();

        first.giveBack();
        first.giveBack();
        assertThat(budget.free()).isEqualTo(6);
        assertThat(budget.take(7)).isEmpty();
    }
}
