package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import dev.eventstream.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A flood of new streams on random channels from one address: what other readers notice before, during and after. The service
 * runs on the same machine as the flood, so both compete for its cores.
 */
public final class Flood {
    private static final String CHANNEL = "load";
    private static final int EVENTS_PER_SECOND = 50;

    private static final String LIMITED = "clientAddress: {trustedProxies: [127.0.0.0/8, '::1']}\n";
    private static final String UNLIMITED =
            "limits: {streams: 1000000, newStreamsPerSecond: 1000000, feeds: 10000000}\n";

    private final int perSecond;
    private final int seconds;
    private final int readers;
    private final boolean isLimited;

    private Flood(Arguments arguments) {
        this.perSecond = arguments.number("--rate", 1_000);
        this.seconds = arguments.number("--seconds", 60);
        this.readers = arguments.number("--readers", 200);
        this.isLimited = !arguments.text("--limits", "on").equals("off");
    }

    /** Ends with status 1 if the node was ever unhealthy or a send failed. */
    public static void main(String[] arguments) throws Exception {
        System.exit(new Flood(new Arguments(arguments, "--rate", "--seconds", "--readers", "--limits")).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        print(
                "%d readers; a flood of %d new streams/s from one address for %d s; limits %s",
                readers, perSecond, seconds, isLimited ? "as by default" : "off");
        Path directory = Files.createTempDirectory("flood");
        try (ServiceProcess service = ServiceProcess.start(
                        directory,
                        List.of("-Xmx512m"),
                        ServiceProcess.Database.h2(directory),
                        isLimited ? LIMITED : UNLIMITED);
                PacedSender sender = new PacedSender(CHANNEL, () -> service, () -> Readers.stamped(100))) {
            Readers reading = new Readers(service.port(), CHANNEL, readers);
            NewReaders arriving = new NewReaders(service.port());
            HealthWatch health = new HealthWatch(service);
            start(reading, "readers");
            start(arriving, "new-readers");
            start(health, "health");
            sender.start(EVENTS_PER_SECOND);
            TimeUnit.SECONDS.sleep(10); // a new JVM is slow
            int phase = Math.min(20, seconds);
            phase(service, "before", phase, reading, arriving);
            Flooder flooder = new Flooder(service.port(), "203.0.113.66", perSecond);
            start(flooder, "flood");
            phase(service, "during", seconds, reading, arriving);
            print("the flood: %s", flooder);
            flooder.stop();
            phase(service, "after", phase, reading, arriving);
            health.stop();
            arriving.stop();
            reading.stop();
            print("%s", health);
            return health.wasGreen() && sender.failures() == 0;
        } finally {
            print("log of the node: %s", directory.resolve("service.log"));
        }
    }

    private void phase(ServiceProcess service, String name, int length, Readers reading, NewReaders arriving)
            throws Exception {
        reading.take();
        arriving.take();
        Duration cpu = service.cpu();
        TimeUnit.SECONDS.sleep(length);
        Duration used = service.cpu().minus(cpu);
        Readers.Received received = reading.take();
        NewReaders.Waits waits = arriving.take();
        print(
                "%s: %d deliveries, latency p50=%.1f p99=%.1f max=%.1f ms; new readers p50=%.1f p99=%.1f max=%.1f ms,"
                        + " %d of %d refused; feeds=%.0f streams=%.0f, cpu=%.0f%% of a core",
                name,
                received.deliveries(),
                received.milliseconds(0.5),
                received.milliseconds(0.99),
                received.milliseconds(1),
                waits.share(0.5),
                waits.share(0.99),
                waits.share(1),
                waits.refused(),
                waits.refused() + waits.milliseconds().size(),
                service.metric("gauges", "eventstream.feeds", "value"),
                service.metric("gauges", "eventstream.streams.open", "value"),
                used.toMillis() / 10.0 / length);
        Figures.printLowerIsBetter("flood, " + name + ": p99", received.milliseconds(0.99), "ms");
    }
}
