package dev.eventstream.benchmarks.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.benchmarks.capacity.Checkout;
import dev.eventstream.benchmarks.capacity.Parameters;
import dev.eventstream.limit.Rates;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the rules of the simulation with the product. */
class RulesTest {
    private final Parameters known = Checkout.parameters();

    @Test
    void admission_decides_like_the_rates_of_the_product() {
        AtomicLong nanos = new AtomicLong();
        Rates product = new Rates(1, 8, new com.google.common.base.Ticker() {
            @Override
            public long read() {
                return nanos.get();
            }
        });
        Admission admission = new Admission(8, Rates.BURST.toSeconds(), 0);
        Random random = new Random(3);
        int admitted = 0;
        for (int i = 0; i < 100_000; i++) {
            nanos.addAndGet(random.nextInt(200) * 1_000_003L);
            boolean isAdmitted = admission.tryTake(nanos.get() / 1e9);
            assertThat(isAdmitted).as("request %d", i).isEqualTo(product.tryTake(0, 1));
            admitted += isAdmitted ? 1 : 0;
        }
        assertThat(admitted).isBetween(10_000, 99_000);
    }

    @Test
    void the_client_waits_like_the_browser_client() {
        String backoff = Checkout.text("client/src/backoff.ts");
        assertThat(backoff)
                .contains(
                        "FIRST_DELAY = 5000;",
                        "LONGEST_DELAY = 30_000;",
                        "HEALTHY = 10_000;",
                        "(0.2 + 0.8 * Math.random())");
        assertThat(Checkout.text("client/src/connection.ts")).contains("OWN_RECONNECTS = 2;");

        Client client = new Client(ClientKind.BUNDLE, known, new SplittableRandom(1));
        assertBetween(client, 1, 2_000, 6_000);
        assertBetween(client, 2, 2_000, 6_000);
        assertBetween(client, 3, 1_000, 5_000);
        assertBetween(client, 4, 2_000, 10_000);
        assertBetween(client, 5, 4_000, 20_000);
        assertBetween(client, 6, 6_000, 30_000);
        assertBetween(client, 100, 6_000, 30_000);
        assertThat(client.afterInterruption(2, 700)).isEqualTo(700);
        assertThat(client.afterInterruption(3, 700)).isGreaterThanOrEqualTo(1_000);
    }

    private static void assertBetween(Client client, int attempts, int least, int most) {
        int[] delays = IntStream.range(0, 5_000)
                .map(i -> client.afterInterruption(attempts))
                .sorted()
                .toArray();
        assertThat(delays[0]).isBetween(least, least + (most - least) / 50);
        assertThat(delays[delays.length - 1]).isBetween(most - (most - least) / 50, most);
    }

    @Test
    void the_drain_has_the_times_of_the_product() {
        assertThat(Checkout.text("src/main/java/dev/eventstream/hold/Drain.java"))
                .contains(
                        "LONGEST_GAP = Duration.ofMillis(5);",
                        "SOON = new Return(100, 1_000);",
                        "SOONER = new Return(100, 500);",
                        "LAST_CALL = Duration.ofMillis(SOONER.max + 250);",
                        "REFUSING = Duration.ofMillis(1_250);",
                        "ONCE_STOPPED = new Return(0, 400);");
        Drain few = Drain.of(1_000, 100, known);
        assertThat(few.lastEnd()).isEqualTo(1_500);
        assertThat(few.stop()).isEqualTo(2_250);
        Drain many = Drain.of(1_000, 100_000, known);
        assertThat(many.lastEnd()).as("5 s less the last call").isEqualTo(1_000 + 4_250);
        assertThat(many.end(99_999)).isLessThanOrEqualTo(many.lastEnd());
    }

    @Test
    void a_drain_asks_clients_to_come_back_soon_and_near_its_end_once_the_node_has_stopped() {
        Drain drain = Drain.of(0, 100_000, known);
        Client client = new Client(ClientKind.BUNDLE, known, new SplittableRandom(1));
        for (int i = 0; i < 1_000; i++) {
            assertThat(drain.comeBack(0, client)).isBetween(100, 1_000);
            assertThat(drain.comeBack(drain.lastEnd() - 900, client)).isBetween(100, 500);
            assertThat(drain.comeBack(drain.lastEnd(), client)).isBetween(750 + 1_250, 750 + 1_250 + 400);
        }
    }

    @Test
    void a_share_of_the_absences_is_found_by_rank() {
        Absences absences = new Absences(1_000);
        IntStream.rangeClosed(1, 100).forEach(absences::add);
        assertThat(absences.percentile(0.5)).isEqualTo(50);
        assertThat(absences.percentile(0.99)).isEqualTo(99);
        assertThat(absences.percentile(1)).isEqualTo(100);
        assertThat(absences.longest()).isEqualTo(100);
        assertThat(new Absences(10).percentile(0.5)).isZero();
    }

    @Test
    void a_reader_is_in_one_list_at_a_time_and_leaves_it_in_order() {
        Readers readers = new Readers(10);
        Line line = new Line(readers);
        IntStream.range(0, 10).forEach(line::add);
        assertThat(IntStream.range(0, 4).map(i -> line.remove())).containsExactly(0, 1, 2, 3);
        Calendar calendar = new Calendar(readers, 100);
        calendar.add(0, 5);
        calendar.add(3, 5);
        calendar.add(1, 100);
        assertThat(calendar.first(5)).isZero();
        assertThat(readers.next[0]).isEqualTo(3);
        assertThat(line.size()).isEqualTo(6);
        line.clear();
        assertThat(line.isEmpty()).isTrue();
    }
}
