package dev.eventstream.retention;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.Logged;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogSize;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogMeasureTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final SettableTicker ticker = new SettableTicker();
    private final MetricRegistry metrics = new MetricRegistry();

    /** A store that reports a size set by the test, and counts how often it is asked. */
    private static final class SizedStore extends ForwardingEventStore {
        private LogSize size = new LogSize(0, 0, Instant.MAX);
        private boolean fails;
        private int asked;

        SizedStore() {
            super(new MemoryEventStore(CLOCK));
        }

        @Override
        public Optional<LogSize> size() {
            asked++;
            if (fails) {
                throw new EventStoreException("the database is gone");
            }
            return Optional.of(size);
        }
    }

    private LogMeasure measure(EventStore store) {
        return new LogMeasure(store, CLOCK, ticker, metrics);
    }

    private long gauge(String name) {
        return (Long) requireNonNull(metrics.getGauges().get("eventstream.log." + name))
                .getValue();
    }

    @Test
    void the_gauges_show_the_size_that_the_store_reports() {
        SizedStore store = new SizedStore();
        LogMeasure measure = measure(store);
        assertThat(gauge("events")).isZero();
        measure.run();
        assertThat(gauge("age-seconds")).isZero();
        store.size = new LogSize(7, 4_096, NOW.minusSeconds(90));
        ticker.advance(LogMeasure.EVERY);
        measure.run();

        assertThat(gauge("events")).isEqualTo(7);
        assertThat(gauge("bytes")).isEqualTo(4_096);
        assertThat(gauge("age-seconds")).isEqualTo(90);
    }

    @Test
    void an_event_of_a_clock_that_is_ahead_has_no_negative_age() {
        SizedStore store = new SizedStore();
        store.size = new LogSize(1, 1, NOW.plusSeconds(5));
        measure(store).run();

        assertThat(gauge("age-seconds")).isZero();
    }

    @Test
    void the_store_is_asked_once_a_minute_however_often_it_runs_and_the_gauges_are_read() {
        SizedStore store = new SizedStore();
        LogMeasure measure = measure(store);
        for (int i = 0; i < 12; i++) {
            measure.run();
            assertThat(gauge("events")).isZero();
            ticker.advance(Duration.ofSeconds(10));
        }

        assertThat(store.asked).isEqualTo(2);
    }

    @Test
    void while_the_store_fails_the_gauges_keep_their_values_and_one_warning_is_logged() {
        SizedStore store = new SizedStore();
        store.size = new LogSize(3, 30, NOW);
        LogMeasure measure = measure(store);
        measure.run();
        store.fails = true;
        try (Logged logged = new Logged()) {
            for (int i = 0; i < 3; i++) {
                ticker.advance(LogMeasure.EVERY);
                measure.run();
            }
            assertThat(gauge("events")).isEqualTo(3);
            assertThat(logged.lines())
                    .filteredOn(line -> line.startsWith("WARN"))
                    .singleElement()
                    .asString()
                    .contains("eventstream.log.…", "the database is gone");
        }
    }

    @Test
    void a_store_that_cannot_tell_leaves_the_gauges_at_zero() {
        measure(new MemoryEventStore(CLOCK)).run();

        assertThat(gauge("events")).isZero();
        assertThat(gauge("bytes")).isZero();
        assertThat(gauge("age-seconds")).isZero();
    }
}
