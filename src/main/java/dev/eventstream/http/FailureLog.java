package dev.eventstream.http;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Logs failures that many requests share, such as a database outage: a warning with the stack trace for each new cause, then
 * one line at DEBUG per request, and one line when requests succeed again. At most {@value #MAX_CAUSES} warnings are logged
 * until then.
 *
 * <p>Thread-safe.
 */
final class FailureLog {
    /** Causes that get a warning; further ones are logged at DEBUG. */
    static final int MAX_CAUSES = 16;

    /** Requests succeed again once none has failed for this long. */
    static final Duration CALM = Duration.ofSeconds(10);

    private final String subject;
    private final Ticker ticker;

    private final Set<String> causes = new HashSet<>(); // guarded by itself

    // written with the lock on causes
    private volatile long failures;
    private volatile long lastFailure;

    /**
     * @param subject begins each line, such as "Streams on /events"
     */
    FailureLog(String subject, Ticker ticker) {
        this.subject = subject;
        this.ticker = ticker;
    }

    void failed(Logger logger, Throwable failure) {
        boolean isNew;
        synchronized (causes) {
            failures++;
            lastFailure = ticker.read();
            isNew = causes.size() < MAX_CAUSES && causes.add(cause(failure));
        }
        if (isNew) {
            logger.warn("{} cannot be served; further failures with this cause are logged at DEBUG", subject, failure);
        } else {
            logger.debug("{} cannot be served: {}", subject, failure.toString());
        }
    }

    void succeeded(Logger logger) {
        if (failures == 0 || ticker.read() - lastFailure < CALM.toNanos()) {
            return;
        }
        long failed;
        synchronized (causes) {
            failed = failures;
            failures = 0;
            causes.clear();
        }
        if (failed > 0) {
            logger.info("{} can be served again after {} failures", subject, failed);
        }
    }

    // messages may quote what a client sent, so they do not distinguish causes
    private static String cause(Throwable failure) {
        StringBuilder key = new StringBuilder();
        Throwable root = failure;
        for (Throwable t = failure; t != null && key.length() < 1_000; t = t.getCause()) {
            key.append(t.getClass().getName()).append(' ');
            root = t;
        }
        StackTraceElement[] trace = root.getStackTrace();
        return trace.length == 0 ? key.toString() : key.append(trace[0]).toString();
    }
}
