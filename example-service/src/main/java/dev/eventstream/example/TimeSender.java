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

/** Sends the time to the channel {@code time}, which is not stored, once a second. Started and stopped by one thread. */
final class TimeSender implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(TimeSender.class);

    private final EventStream events;
    private final ScheduledExecutorService seconds;
    private final Clock clock;
    private @Nullable ScheduledFuture<?> ticking;

    /** @param seconds belongs to the environment's lifecycle, which ends it */
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

    // an exception would silently end the schedule
    private void send() {
        try {
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            events.send("time", "time", Map.of("time", now));
        } catch (RuntimeException e) {
            LOGGER.error("The time could not be sent; next try in a second. channel=time", e);
        }
    }
}
