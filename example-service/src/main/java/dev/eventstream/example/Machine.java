package dev.eventstream.example;

import com.sun.management.OperatingSystemMXBean;
import dev.eventstream.EventStream;
import dev.eventstream.event.NewEvent;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends how busy this machine is, as reported by the JVM, twice a second. Each value has a latest channel, {@code machine-processors} and
 * so on. Several nodes take turns, so they should run on one machine, as with {@code ./run --nodes 3}. Thread-safe.
 */
final class Machine {
    /** The name of the source. */
    static final String SOURCE = "machine";

    static final Duration INTERVAL = Duration.ofMillis(500);

    /** Shorter than the interval, so that a single node does not miss its turn by a millisecond. */
    private static final Duration PAUSE = Duration.ofMillis(400);

    private final Map<String, DoubleSupplier> values;
    private final Jdbi jdbi;
    private final EventStream events;
    private final Clock clock;

    /** @param values the value of each channel, by the end of its name; negative or not a number if unknown */
    Machine(Map<String, DoubleSupplier> values, Jdbi jdbi, EventStream events, Clock clock) {
        this.values = values;
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
    }

    /** What the JVM reports: the share of processors and memory in use, in percent, and how many threads run or wait to run. */
    static Map<String, DoubleSupplier> ofJvm() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<String, DoubleSupplier> values = new LinkedHashMap<>();
        values.put("processors", () -> 100 * system.getCpuLoad());
        values.put("memory", () -> 100 - 100.0 * system.getFreeMemorySize() / system.getTotalMemorySize());
        values.put("load", system::getSystemLoadAverage);
        return values;
    }

    /**
     * The data of an event.
     *
     * @param number greater than in the previous event
     */
    record Reading(String name, long number, double value) {}

    /** Sends the present values, unless another node has just sent them. */
    void sendNext() {
        jdbi.useTransaction(handle -> Turns.take(handle, SOURCE, PAUSE, clock.instant())
                .ifPresent(number -> events.in(handle).sendAll(newEvents(readings(values, number)))));
    }

    private List<NewEvent> newEvents(List<Reading> readings) {
        return readings.stream()
                .map(reading -> events.newEvent("machine-" + reading.name(), "reading", reading))
                .toList();
    }

    /** The known values, with two decimals. */
    static List<Reading> readings(Map<String, DoubleSupplier> values, long number) {
        List<Reading> readings = new ArrayList<>();
        values.forEach((name, supplier) -> {
            double value = supplier.getAsDouble();
            if (value >= 0) {
                readings.add(new Reading(name, number, Math.round(100 * value) / 100.0));
            }
        });
        return readings;
    }
}
