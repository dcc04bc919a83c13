package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.database.BulkLog;
import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.database.PlanLog;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.Run;
import dev.eventstream.benchmarks.question.Subject;
import dev.eventstream.benchmarks.question.log.LogWork.Piece;
import dev.eventstream.benchmarks.result.Target;
import io.dropwizard.db.ManagedDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jdbi.v3.core.Jdbi;

/** Whether the bundle's work with a log takes longer if the log is larger. */
public final class Growth implements Question {
    private static final List<String> FLAT = List.of(
            "poll, nothing new",
            "sweep, nothing due",
            "start at now",
            "page of 1",
            "append",
            "append of 100",
            "poll, 100 new",
            "sweep of 200",
            "trim of 1000");

    private static final int PER_SECOND = 1_000;
    private static final int CONNECTIONS = 2;
    private static final int SMALL = 100_000;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String asks() {
        return "Does the work with a log take longer if the log has more events, or more channels?";
    }

    @Override
    public List<String> references() {
        return List.of();
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (String database : List.of("PostgreSQL", "MariaDB")) {
            String subject = Senders.ours(database);
            FLAT.forEach(piece -> targets.addAll(List.of(
                    Target.atMost(1.2, subject, Medians.byEvents(piece)),
                    Target.atMost(1.2, subject, Medians.byChannels(piece)))));
        }
        return targets;
    }

    @Override
    public List<String> plotted() {
        return List.of("÷ fewest", "÷ fewer");
    }

    @Override
    public void run(Run run) throws Exception {
        for (String name : LogDatabase.SERVERS) {
            try (LogDatabase server = LogDatabase.start(name, run.newDirectory(name))) {
                String subject = Senders.ours(server.title());
                run.version(subject, server.version());
                Medians medians = new Medians();
                List<Subject> sizes = new ArrayList<>();
                List<Filled> logs = fill(run, server);
                for (Filled log : logs) {
                    String size = subject + ", " + log.title();
                    sizes.add(new Subject(size, round -> log.measure(round, medians, run.isSmoke())));
                }
                run.alternate(sizes);
                medians.ratios().forEach((metric, ratio) -> run.record(subject, metric, "×", 1, ratio));
                for (Filled log : logs) {
                    run.save("plans-" + name + '-' + log.fileName() + ".txt", log.plans());
                }
            }
        }
    }

    private static List<Filled> fill(Run run, LogDatabase server) throws Exception {
        List<Filled> filled = new ArrayList<>();
        for (long events : events(run)) {
            for (int channels : run.isSmoke() ? List.of(1_000) : List.of(1, 1_000, 100_000)) {
                if (channels <= events) {
                    BulkLog log = BulkLog.until(Instant.now().minus(Duration.ofHours(1)), events, channels, PER_SECOND);
                    Filled one = new Filled(server.sibling("log_" + events + '_' + channels), log);
                    one.fill();
                    filled.add(one);
                }
            }
        }
        return filled;
    }

    private static List<Long> events(Run run) {
        if (run.isSmoke()) {
            return List.of(1_000L, 10_000L);
        }
        return run.isFull() ? List.of(10_000L, 1_000_000L, 10_000_000L) : List.of(10_000L, 1_000_000L);
    }

    private record Filled(LogDatabase database, BulkLog log) {
        void fill() throws SQLException {
            log.fill(database);
        }

        /** Fills a small log again, because a round trims a large part of it. */
        private void refill() throws SQLException {
            if (log.events() <= SMALL) {
                fill();
            }
        }

        void measure(Subject.Round round, Medians medians, boolean isSmoke) throws Exception {
            refill();
            ManagedDataSource pool = database.pool(database.url(), CONNECTIONS);
            try {
                for (Piece piece : new LogWork(Jdbi.create(pool), log).pieces()) {
                    int times = isSmoke ? 2 : piece.times();
                    time(piece, Math.max(1, times / 4)); // prepares statements, and fills the caches
                    double median = time(piece, times);
                    round.record(piece.name(), "ms", median);
                    medians.add(piece.name(), log, median);
                }
            } finally {
                SingleStatement.stop(pool);
            }
        }

        private static double time(Piece piece, int times) {
            Histogram nanos = new Histogram(3);
            for (int i = 0; i < times; i++) {
                piece.before().run();
                long start = System.nanoTime();
                piece.work().run();
                nanos.recordValue(System.nanoTime() - start);
                piece.after().run();
            }
            return nanos.getValueAtPercentile(50) / 1e6;
        }

        /** Such as {@code 10,000 events, 1 channel}. */
        String title() {
            return String.format(
                    Locale.ROOT,
                    "%,d events, %,d channel%s",
                    log.events(),
                    log.channels(),
                    log.channels() == 1 ? "" : "s");
        }

        String fileName() {
            return log.events() + "-events-" + log.channels() + "-channels";
        }

        /** The plans of all statements of all pieces, after each has run once. */
        String plans() throws Exception {
            refill();
            PlanLog plans = new PlanLog(database);
            StringBuilder text = new StringBuilder();
            ManagedDataSource pool = database.pool(plans.url(), 1);
            try {
                pool.getConnection().close(); // leaves out the statements that open it
                for (Piece piece : new LogWork(Jdbi.create(pool), log).pieces()) {
                    piece.before().run();
                    plans.take();
                    piece.work().run();
                    text.append("==== ")
                            .append(piece.name())
                            .append('\n')
                            .append(plans.take())
                            .append('\n');
                    piece.after().run();
                }
            } finally {
                SingleStatement.stop(pool);
            }
            return text.toString();
        }
    }
}
