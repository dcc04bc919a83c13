package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Server;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What happened during some time. Immutable.
 *
 * @param accepted events that the server accepted
 * @param deliveries events that readers received, each counted once per reader
 * @param cpuSeconds of the server
 */
record Window(double seconds, long accepted, long deliveries, long bytes, double cpuSeconds) {
    /** Waits this long, and returns what happened in that time. */
    static Window measure(Server server, StreamReaders readers, Publishers publishers, Duration length)
            throws InterruptedException {
        double cpu = server.usage().cpuSeconds();
        long accepted = publishers.accepted();
        long deliveries = readers.events();
        long bytes = readers.bytes();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Window(
                seconds,
                publishers.accepted() - accepted,
                readers.events() - deliveries,
                readers.bytes() - bytes,
                server.usage().cpuSeconds() - cpu);
    }

    /** This window and the next, together. */
    Window plus(Window next) {
        return new Window(
                seconds + next.seconds,
                accepted + next.accepted,
                deliveries + next.deliveries,
                bytes + next.bytes,
                cpuSeconds + next.cpuSeconds);
    }

    double acceptedPerSecond() {
        return accepted / seconds;
    }

    double deliveriesPerSecond() {
        return deliveries / seconds;
    }

    /** In microseconds; 0 if nothing was delivered. */
    double cpuMicrosPerDelivery() {
        return deliveries == 0 ? 0 : cpuSeconds * 1e6 / deliveries;
    }
}
