package dev.eventstream.hold;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;

/**
 * Keeps held streams out of the timers of the application's requests. Dropwizard updates these timers when an exchange
 * ends, so an hour-long stream would count as a request that took an hour, and all quantiles would show streams.
 *
 * <p>A registry keeps the first timer that is registered under a name. So timers that ignore the ends of streams are
 * registered before Dropwizard's handler starts and asks for its own. An exchange is completed synchronously:
 * everything that happens on the same thread while the callback of a stream runs belongs to the stream.
 *
 * <p>Thread-safe.
 */
public final class RequestTimers {
    /** The timers of Dropwizard's handler that a stream would update. */
    private static final List<String> NAMES = List.of("requests", "get-requests");

    /** Whether this thread completes the exchange of a stream. */
    private static final ThreadLocal<Boolean> ENDS_STREAM = ThreadLocal.withInitial(() -> false);

    private RequestTimers() {}

    /**
     * Registers the timers, unless there are timers with these names already.
     *
     * @param prefix the prefix of the names of the application's request metrics
     */
    public static void register(MetricRegistry metrics, String prefix) {
        NAMES.forEach(name -> metrics.timer(MetricRegistry.name(prefix, name), OfRequests::new));
    }

    /** Completes the exchange of a stream. */
    static Callback ofStream(Callback exchange) {
        return Callback.from(
                () -> whileStreamEnds(exchange::succeeded), failure -> whileStreamEnds(() -> exchange.failed(failure)));
    }

    private static void whileStreamEnds(Runnable completion) {
        ENDS_STREAM.set(true);
        try {
            completion.run();
        } finally {
            ENDS_STREAM.remove();
        }
    }

    private static final class OfRequests extends Timer {
        @Override
        public void update(long duration, TimeUnit unit) {
            if (!ENDS_STREAM.get()) {
                super.update(duration, unit);
            }
        }
    }
}
