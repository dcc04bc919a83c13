package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PricesTest {
    private static final int SHARES = Prices.SHARES.size();

    @Test
    void a_price_has_two_digits_and_moves_in_small_steps() {
        for (int share = 0; share < SHARES; share++) {
            int one = share;
            assertThat(LongStream.range(1, 10_000).boxed()).allSatisfy(number -> {
                double price = Prices.price(one, number);
                double cents = 100 * price;
                assertThat(price).isPositive();
                assertThat(Math.abs(cents - Math.rint(cents))).isLessThan(1e-6);
                assertThat(Math.abs(price / Prices.price(one, number - 1) - 1)).isLessThan(0.01);
            });
        }
    }

    @Test
    void shares_differ() {
        assertThat(IntStream.range(0, SHARES).mapToObj(share -> Prices.price(share, 1)))
                .doesNotHaveDuplicates();
    }
}
