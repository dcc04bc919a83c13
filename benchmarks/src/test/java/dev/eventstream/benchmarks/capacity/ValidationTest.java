package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ValidationTest {
    @Test
    void the_simulation_is_close_to_the_measurements() {
        assertThat(new Validation(Checkout.parameters(), System.out).rows())
                .hasSizeGreaterThan(8)
                .allSatisfy(row -> assertThat(Math.abs(row.deviation()))
                        .as(row.what())
                        .isLessThan(row.isIndependent() ? 0.25 : 0.8));
    }
}
