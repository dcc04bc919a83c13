package dev.eventstream.loop;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * All loops of a node, and which of them are in trouble.
 *
 * <p>Thread-safe.
 */
public final class Heartbeats {
    private final Ticker ticker;
    private final MetricRegistry metrics;
    private final Map<String, Supplier<Optional<String>>> loops = new ConcurrentHashMap<>();

    /**
     * @param ticker measures silence
     * @param metrics gets a meter {@code eventstream.loop.<name>.failures} for each loop
     */
    public Heartbeats(Ticker ticker, MetricRegistry metrics) {
        this.ticker = ticker;
        this.metrics = metrics;
    }

    /**
     * Adds a loop.
     *
     * @param name unique, such as {@code bus}; shown in logs, metrics and the health check
     * @param limit the longest time between two rounds that is still normal
     * @throws IllegalArgumentException if there is a loop of that name already
     */
    public Heartbeat add(String name, Duration limit) {
        Heartbeat heartbeat = new Heartbeat(name, limit, ticker, failures(name));
        watch(name, heartbeat::trouble);
        return heartbeat;
    }

    /**
     * Adds something other than a loop that must not stop unnoticed, such as a pool of threads.
     *
     * @param name as for {@link #add}
     * @param trouble returns what is wrong, in words that follow the name; empty if nothing is. Must not block
     * @throws IllegalArgumentException if there is a loop of that name already
     */
    public void watch(String name, Supplier<Optional<String>> trouble) {
        if (loops.putIfAbsent(name, trouble) != null) {
            throw new IllegalArgumentException("there are two loops named \"" + name + "\"");
        }
    }

    /**
     * Adds a pool of threads, which is in trouble when tasks wait and none finishes. Everything that a task throws is logged, and
     * counted by the meter {@code eventstream.loop.<name>.failures}.
     *
     * @param name as for {@link #add}
     * @return runs tasks on the threads
     * @throws IllegalArgumentException if there is a loop of that name already
     */
    public Executor watched(String name, Executor threads) {
        WatchedExecutor watched = new WatchedExecutor(threads, ticker, failures(name));
        watch(name, watched::trouble);
        return watched;
    }

    private Meter failures(String name) {
        return metrics.meter(MetricRegistry.name("eventstream", "loop", name, "failures"));
    }

    /** What is wrong, by the name of the loop; empty if all is well. */
    public SortedMap<String, String> troubles() {
        SortedMap<String, String> troubles = new TreeMap<>();
        loops.forEach((name, trouble) -> trouble.get().ifPresent(text -> troubles.put(name, text)));
        return troubles;
    }
}
