package dev.eventstream.example;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.eventstream.EventStream;
import io.dropwizard.lifecycle.Managed;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the time once a second to the unstored channel {@code time}. One thread starts and stops it. */
final class TimeSender implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(TimeSender.class);

    private final EventStream events;
    private final ScheduledExecutorService seconds;
    private final Clock clock;
    private @Nullable ScheduledFuture<?> ticking;

    /** @param seconds an executor that the environment's lifecycle stops */
    TimeSender(EventStream events, ScheduledExecutorService seconds, Clock clock) {
        this.events = events;
        this.seconds = seconds;
        this.clock = clock;
    }

    @Override
    public void start() {
        ticking = seconds.scheduleAtFixedRate(this::send, 0, 1, SECONDS);
    }

    @Override
    public void stop() {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    // an exception would end the schedule silently
    private void send() {
        try {
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            events.send("time", "time", Map.of("time", now));
        } catch (RuntimeException e) {
            LOGGER.error("The time could not be sent; the next attempt is in a second: channel=time", e);
        }
    }
}
