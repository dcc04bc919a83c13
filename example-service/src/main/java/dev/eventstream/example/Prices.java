package dev.eventstream.example;

import dev.eventstream.EventStream;
import dev.eventstream.event.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends invented prices of ten shares, about 25 times a second each. Their channels are latest channels ({@code eventStream.latest}):
 * only the newest price matters. Thread-safe.
 */
final class Prices {
    /** The name of the source. */
    static final String SOURCE = "prices";

    static final Duration INTERVAL = Duration.ofMillis(40);

    /** Each has a channel, {@code price-Alder} and so on; as many as a stream may have by default. */
    static final List<String> SHARES =
            List.of("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Oak", "Pine", "Willow");

    private static final Duration PAUSE = Duration.ofMillis(25);

    private final Jdbi jdbi;
    private final EventStream events;
    private final Clock clock;

    Prices(Jdbi jdbi, EventStream events, Clock clock) {
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The data of an event.
     *
     * @param number one more than in the event before
     */
    record Price(String share, long number, double price) {}

    /** Sends the next price of each share, unless another node has just sent them. */
    void sendNext() {
        jdbi.useTransaction(handle -> Turns.take(handle, SOURCE, PAUSE, clock.instant())
                .ifPresent(number -> events.in(handle).sendAll(prices(number))));
    }

    private List<NewEvent> prices(long number) {
        return IntStream.range(0, SHARES.size())
                .mapToObj(share -> event(SHARES.get(share), number, price(share, number)))
                .toList();
    }

    private NewEvent event(String share, long number, double price) {
        return events.newEvent("price-" + share, "price", new Price(share, number, price));
    }

    /** Depends only on the number, so that the price does not jump when another node takes over. */
    static double price(int share, long number) {
        double wave = 0.06 * Math.sin(number / (311.0 + 17 * share) + share)
                + 0.03 * Math.sin(number / (47.0 + 5 * share))
                + 0.01 * Math.sin(number / (13.0 + share));
        double noise = 0.004 * (new SplittableRandom(31 * number + share).nextDouble() - 0.5);
        return Math.round(100 * (40 + 23 * share) * (1 + wave + noise)) / 100.0;
    }
}
