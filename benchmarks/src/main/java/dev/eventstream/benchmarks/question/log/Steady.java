package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.database.BulkLog;
import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.embedded.EmbeddedService;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.Run;
import dev.eventstream.benchmarks.result.LinePlot;
import dev.eventstream.benchmarks.result.Target;
import dev.eventstream.event.NewEvent;
import dev.eventstream.retention.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Sending and trimming at the same pace, for a long time, in a large log. */
public final class Steady implements Question {
    private static final String DATA = "x".repeat(100);
    private static final int CHANNELS = 100;
    private static final String P50 = "send, p50";
    private static final String P99 = "send, p99";
    private static final String LAG = "oldest event is too old by";
    private static final String GROWTH = "table and indexes, at the end ÷ at the beginning";

    @Override
    public String name() {
        return "steady";
    }

    @Override
    public String asks() {
        return "Do sends stay fast, and does the log stay the same size, while as many events are trimmed as are sent?";
    }

    @Override
    public List<String> references() {
        return List.of(untrimmed("PostgreSQL"), untrimmed("MariaDB"));
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (String database : List.of("PostgreSQL", "MariaDB")) {
            String subject = Senders.ours(database);
            targets.add(Target.atMost(1.5, subject, P99).times(untrimmed(database)));
            targets.add(Target.atMost(60, subject, LAG));
            targets.add(Target.atMost(1.1, subject, GROWTH));
        }
        return targets;
    }

    @Override
    public List<String> plotted() {
        return List.of("p50", "p99", "table and indexes");
    }

    private static String untrimmed(String database) {
        return Senders.ours(database) + ", without trimming";
    }

    @Override
    public void run(Run run) throws Exception {
        for (String name : LogDatabase.SERVERS) {
            try (LogDatabase database = LogDatabase.start(name, run.newDirectory(name))) {
                run.version(Senders.ours(database.title()), database.version());
                run.version(untrimmed(database.title()), database.version());
                int perSecond = run.count(1_000, 100);
                BulkLog log = BulkLog.until(Instant.now(), run.count(10_000_000, 10_000), CHANNELS, perSecond);
                log.fill(database);
                // when the phase of trimming begins, events start to become too old, at the rate at which others are sent
                Phases phases = new Phases(run, database, log, perSecond);
                int minutes = run.count(run.minutes(), 1);
                int control = Math.max(1, minutes / 6);
                phases.run(untrimmed(database.title()), control, Duration.ofDays(3650));
                phases.run(Senders.ours(database.title()), minutes, Duration.between(log.first(), Instant.now()));
                phases.run(untrimmed(database.title()), control, Duration.ofDays(3650));
                phases.plot();
            }
        }
    }

    private static final class Phases {
        private final Run run;
        private final LogDatabase database;
        private final BulkLog log;
        private final int perSecond;
        private final Map<String, List<LinePlot.Point>> delays = new LinkedHashMap<>();
        private final List<LinePlot.Point> sizes = new ArrayList<>();
        private int untrimmedMinutes;

        Phases(Run run, LogDatabase database, BulkLog log, int perSecond) {
            this.run = run;
            this.database = database;
            this.log = log;
            this.perSecond = perSecond;
        }

        /** Sends for some time while events older than this are trimmed. */
        void run(String subject, int minutes, Duration age) throws Exception {
            boolean isTrimming = subject.equals(Senders.ours(database.title()));
            Map<String, String> settings = Map.of("retention", "{age: " + age.toSeconds() + "s}");
            try (EmbeddedService service =
                            EmbeddedService.start(run.newDirectory("service"), database, database.url(), settings);
                    PacedSends sends = PacedSends.start(
                            channel -> service.eventStream().send(NewEvent.text(channel, "message", DATA)),
                            log.channels(),
                            perSecond)) {
                TimeUnit.NANOSECONDS.sleep(run.seconds(20).toNanos()); // a new JVM is slow
                Histogram unused = sends.take();
                long bytes = database.bytes();
                long trimmed = service.count(Retention.TRIMMED);
                for (int minute = 1; minute <= minutes; minute++) {
                    TimeUnit.NANOSECONDS.sleep(run.seconds(60).toNanos());
                    int round = isTrimming ? minute : ++untrimmedMinutes;
                    record(subject, round, sends.take());
                    double megabytes = database.bytes() / 1e6;
                    run.record(subject, "table and indexes", "MB", round, megabytes);
                    sizes.add(new LinePlot.Point(sizes.size() + 1, megabytes));
                    if (isTrimming) {
                        run.record(subject, LAG, "s", minute, lag(age));
                        long now = service.count(Retention.TRIMMED);
                        run.record(
                                subject,
                                "trimmed",
                                "events/s",
                                minute,
                                (now - trimmed) / (run.seconds(60).toMillis() / 1e3));
                        trimmed = now;
                    }
                }
                if (isTrimming) {
                    run.record(subject, GROWTH, "×", 1, database.bytes() / (double) bytes);
                }
            }
        }

        private void record(String subject, int round, Histogram nanos) {
            for (Map.Entry<String, Double> percentile :
                    Map.of(P50, 50.0, P99, 99.0).entrySet()) {
                double millis = nanos.getValueAtPercentile(percentile.getValue()) / 1e6;
                run.record(subject, percentile.getKey(), "ms", round, millis);
                delays.computeIfAbsent(percentile.getKey(), name -> new ArrayList<>())
                        .add(new LinePlot.Point(sizes.size() + 1, millis));
            }
            run.record(
                    subject,
                    "sent",
                    "events/s",
                    round,
                    nanos.getTotalCount() / (run.seconds(60).toMillis() / 1e3));
        }

        /** Draws all phases in order of time. */
        void plot() {
            String title = database.title() + ", without, with and without trimming";
            LinePlot delay = new LinePlot(title + ": send, ms", "minutes");
            delays.forEach(delay::add);
            run.save(database.name() + "-sends.svg", delay.svg());
            run.save(
                    database.name() + "-size.svg",
                    new LinePlot(title + ": size, MB", "minutes")
                            .add("table and indexes", sizes)
                            .svg());
        }

        /** For how many seconds the oldest event should have been gone. */
        private double lag(Duration age) throws Exception {
            long oldest = database.number("SELECT MIN(created_at) FROM eventstream_event");
            return Math.max(0, (System.currentTimeMillis() - age.toMillis() - oldest) / 1e3);
        }
    }
}
