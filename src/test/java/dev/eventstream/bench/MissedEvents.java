package dev.eventstream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.ServiceProcess;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Measures how long returning readers need for many missed events: one reader, and many at once. */
public final class MissedEvents {
    private static final String CHANNEL = "g";
    private static final int BATCH = 1_000;
    private static final int ROUNDS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ServiceProcess service;
    private final int events;
    private String end = "";

    private MissedEvents(ServiceProcess service, int events) {
        this.service = service;
        this.events = events;
    }

    /** Arguments: {@code --events N --readers N}, both with defaults. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--events", "--readers");
        try (ServiceProcess service =
                ServiceProcess.start(Files.createTempDirectory("missed-events"), List.of("-Xmx512m"))) {
            MissedEvents program = new MissedEvents(service, options.number("--events", 10_000));
            program.fill();
            int many = options.number("--readers", 100);
            // the first rounds warm up
            program.read(1, ROUNDS);
            program.read(many, 1);
            program.measure(1, ROUNDS);
            program.measure(many, 5);
        }
        System.exit(0);
    }

    private void fill() throws Exception {
        // plus the first event, which all readers have seen
        int all = events + 1;
        for (int sent = 0; sent < all; sent += BATCH) {
            int some = Math.min(BATCH, all - sent);
            JsonNode ids =
                    new ObjectMapper().readTree(service.publish(Burst.batch(CHANNEL, some), Duration.ofMinutes(1)));
            end = ids.get(ids.size() - 1).path("id").asText();
        }
    }

    private void measure(int readers, int rounds) throws Exception {
        double[] seconds = read(readers, rounds);
        double median = seconds[rounds / 2];
        System.out.println(String.format(
                Locale.ROOT,
                "%d reader(s) had missed %d events: median %.1f ms, %.1f ms at best, %.0f events/s",
                readers,
                events,
                median * 1e3,
                seconds[0] * 1e3,
                readers * (double) events / median));
        Figures.printHigherIsBetter(
                "catch-up, " + readers + " reader(s)", readers * (double) events / median, "events/s");
    }

    /** The times of the rounds, shortest first. */
    private double[] read(int readers, int rounds) throws Exception {
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            seconds[i] = read(readers);
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private double read(int streams) throws Exception {
        int dash = end.lastIndexOf('-');
        String epoch = end.substring(0, dash);
        long last = Long.parseLong(end.substring(dash + 1));
        long start = System.nanoTime();
        try (ManyReaders readers = new ManyReaders(
                service.port(),
                CHANNEL,
                streams,
                i -> "/events?channel=" + CHANNEL + "&lastEventId=" + CHANNEL + "%3D" + epoch + "-1")) {
            Thread thread = new Thread(readers, "readers");
            thread.setDaemon(true);
            thread.start();
            while (!readers.behind(epoch, last).isEmpty()) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("readers did not get everything: " + readers.totals());
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (readers.totals().received() != (long) streams * events
                    || readers.totals().lost() > 0) {
                throw new IllegalStateException("readers got something else than was sent: " + readers.totals());
            }
            return seconds;
        }
    }
}
