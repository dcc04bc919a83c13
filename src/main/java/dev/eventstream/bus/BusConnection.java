package dev.eventstream.bus;

import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Trouble;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the bus that is reopened after a failure. The pauses between attempts grow from {@value #FIRST_PAUSE_MILLIS} ms
 * to {@value #LONGEST_PAUSE_MILLIS} ms.
 *
 * <p>Confined to one thread, except {@link #trouble()} and {@link #stop()}.
 *
 * @param <T> the connection
 */
final class BusConnection<T extends AutoCloseable> {
    private static final Logger LOGGER = LoggerFactory.getLogger(BusConnection.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final String purpose;
    private final String effect;
    private final Callable<T> open;
    private final Ticker ticker;
    private final Trouble failing = new Trouble();
    private final CountDownLatch stopping = new CountDownLatch(1);

    private @Nullable T current;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private volatile long failedAtNanos;
    private volatile String reason = "";

    /** What to do with the connection. */
    interface Use<T> {
        void on(T connection) throws Exception;
    }

    /**
     * @param purpose what the connection is for, as logs put it, such as {@code publish on}
     * @param effect what a failure means to readers
     */
    BusConnection(String purpose, String effect, Callable<T> open, Ticker ticker) {
        this.purpose = purpose;
        this.effect = effect;
        this.open = open;
        this.ticker = ticker;
    }

    /**
     * Uses the connection, and opens it first if necessary. After a failure, closes it and pauses before returning.
     *
     * @param opened called with a new connection before it is used
     * @return whether everything succeeded
     */
    boolean use(Use<T> opened, Use<T> use) throws InterruptedException {
        try {
            T connection = current;
            if (connection == null) {
                connection = open.call();
                current = connection;
                opened.on(connection);
            }
            use.on(connection);
            succeeded();
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed(e);
            return false;
        }
    }

    private void succeeded() {
        pauseMillis = FIRST_PAUSE_MILLIS;
        if (failing.ends()) {
            LOGGER.info("This node can {} the bus again", purpose);
        }
    }

    private void failed(Exception failure) throws InterruptedException {
        close();
        // JDBI's outer messages quote statements with their arguments
        reason = String.valueOf(Throwables.getRootCause(failure).getMessage());
        if (failing.begins()) {
            failedAtNanos = ticker.read();
            LOGGER.warn("This node cannot {} the bus and keeps trying; until it can, {}: {}", purpose, effect, reason);
        }
        LOGGER.debug("This node cannot {} the bus", purpose, failure);
        boolean unused = stopping.await(pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }

    /** How long it has been failing, and why; empty if it works. */
    Optional<String> trouble() {
        return failing.isOn()
                ? Optional.of("this node has been unable to " + purpose + " the bus for "
                        + Duration.ofNanos(ticker.read() - failedAtNanos).toSeconds() + " s: " + reason)
                : Optional.empty();
    }

    /** Ends the pause after a failure. */
    void stop() {
        stopping.countDown();
    }

    /** Closes the connection, if it is open. */
    void close() {
        T connection = current;
        current = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (Exception e) {
                LOGGER.debug("The connection to {} the bus could not be closed", purpose, e);
            }
        }
    }
}
