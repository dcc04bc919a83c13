package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.eventstream.EventStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends consecutive numbers to the channel {@value #CHANNEL}, so that a reader can check that none is missing. A number and its event
 * commit together, so a number without an event does not exist. Thread-safe.
 */
final class Numbers {
    static final String CHANNEL = "numbers";

    /** How often a node tries to send. */
    static final Duration INTERVAL = Duration.ofMillis(200);

    /** Shorter than the interval, so that a node on its own does not miss its turn by a millisecond. */
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final Jdbi jdbi;
    private final EventStream events;
    private final Clock clock;

    Numbers(Jdbi jdbi, EventStream events, Clock clock) {
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The data of an event.
     *
     * @param number one more than in the event before
     * @param sent ISO 8601, UTC
     */
    record Numbered(
            long number,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant sent) {}

    /** Sends the next number, unless another node has just sent one. */
    void sendNext() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        jdbi.useTransaction(handle -> Turns.take(handle, CHANNEL, PAUSE, now)
                .ifPresent(number -> events.in(handle).send(CHANNEL, "number", new Numbered(number, now))));
    }
}
