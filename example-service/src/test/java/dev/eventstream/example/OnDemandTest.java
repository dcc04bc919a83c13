package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OnDemandTest {
    private final MovableClock clock = new MovableClock();
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, Executors.defaultThreadFactory());
    private final AtomicInteger actions = new AtomicInteger();
    private final OnDemand source = new OnDemand("test", Duration.ofMillis(1), this::act, executor, clock);

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private void act() {
        if (actions.incrementAndGet() % 2 == 0) {
            throw new IllegalStateException("the database is away");
        }
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private void awaitActions(int more) {
        int before = actions.get();
        await().until(() -> actions.get() >= before + more);
    }

    @Test
    void nothing_is_scheduled_until_a_page_asks() {
        assertThat(executor.getQueue()).isEmpty();
        assertThat(actions).hasValue(0);
    }

    @Test
    void repeats_the_action_even_after_failures() {
        source.ask();
        awaitActions(10);
    }

    @Test
    void ends_thirty_seconds_after_the_last_request_and_starts_again() {
        source.ask();
        clock.now = Instant.EPOCH.plusSeconds(29);
        source.ask();
        clock.now = Instant.EPOCH.plusSeconds(58);
        awaitActions(5);

        clock.now = Instant.EPOCH.plusSeconds(59);
        await().until(() -> executor.getQueue().isEmpty() && executor.getActiveCount() == 0);
        int before = actions.get();
        assertThat(executor.getCompletedTaskCount()).isGreaterThanOrEqualTo(before);
        source.ask();
        awaitActions(5);
    }

    @Test
    void asking_often_does_not_make_it_faster() {
        OnDemand slow = new OnDemand("slow", Duration.ofHours(1), this::act, executor, clock);
        for (int i = 0; i < 100; i++) {
            slow.ask();
        }
        await().until(() ->
                executor.getActiveCount() == 0 && executor.getQueue().size() == 1);

        assertThat(actions).hasValue(1);
    }
}
