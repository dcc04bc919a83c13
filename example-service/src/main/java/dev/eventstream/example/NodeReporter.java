package dev.eventstream.example;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.dropwizard.lifecycle.Managed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports twice a second how many streams this node has. One thread starts and stops it. */
final class NodeReporter implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(NodeReporter.class);
    private static final long INTERVAL_MILLIS = 500;

    private final NodeFiles files;
    private final IntSupplier streams;
    private final ScheduledExecutorService executor;
    private @Nullable ScheduledFuture<?> reporting;

    /** @param executor an executor that the environment's lifecycle stops */
    NodeReporter(NodeFiles files, IntSupplier streams, ScheduledExecutorService executor) {
        this.files = files;
        this.streams = streams;
        this.executor = executor;
    }

    @Override
    public void start() {
        reporting = executor.scheduleAtFixedRate(this::report, 0, INTERVAL_MILLIS, MILLISECONDS);
    }

    @Override
    public void stop() {
        if (reporting != null) {
            reporting.cancel(false);
        }
    }

    // an exception would end the schedule silently
    private void report() {
        try {
            files.report(streams.getAsInt());
        } catch (RuntimeException e) {
            LOGGER.error("The node could not report its streams; the map of the nodes shows it as down", e);
        }
    }
}
