package dev.eventstream.benchmarks.question.log;

import dev.eventstream.EventStream;
import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.embedded.EmbeddedService;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.Run;
import dev.eventstream.benchmarks.question.Subject;
import dev.eventstream.benchmarks.question.log.SendLoad.Sending;
import dev.eventstream.benchmarks.question.log.SendLoad.Sent;
import dev.eventstream.benchmarks.result.Target;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Durable sends in the same process, without HTTP, compared with the single statement that each of them needs. */
public final class Senders implements Question {
    private static final String DATA = "\"" + "x".repeat(98) + "\"";
    private static final String TYPE = "message";
    private static final int MANY_CHANNELS = 1_000;
    private static final int BATCH = 100;
    private static final SendLoad ONE = new SendLoad(1, 1, 1);
    private static final SendLoad IN_BATCHES = new SendLoad(64, MANY_CHANNELS, BATCH);
    private static final List<SendLoad> LOADS = List.of(
            ONE,
            new SendLoad(1, MANY_CHANNELS, 1),
            new SendLoad(16, 1, 1),
            new SendLoad(16, MANY_CHANNELS, 1),
            new SendLoad(64, 1, 1),
            new SendLoad(64, MANY_CHANNELS, 1),
            new SendLoad(256, 1, 1),
            new SendLoad(256, MANY_CHANNELS, 1),
            new SendLoad(1, 1, BATCH),
            IN_BATCHES);

    private static final List<SendLoad> IN_SMOKE_RUN =
            List.of(ONE, new SendLoad(16, MANY_CHANNELS, 1), new SendLoad(1, 1, BATCH));

    @Override
    public String name() {
        return "senders";
    }

    @Override
    public String asks() {
        return "How many events a second can 1 to 256 threads send durably, compared with the one statement that each send"
                + " needs at least?";
    }

    @Override
    public List<String> references() {
        return List.of(limit("PostgreSQL"), limit("MariaDB"), limit("H2"));
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (String database : List.of("PostgreSQL", "MariaDB", "H2")) {
            targets.add(Target.atLeast(0.7, ours(database), ONE.title()).times(limit(database)));
        }
        targets.add(Target.atLeast(100_000, ours("PostgreSQL"), new SendLoad(64, 1, 1).title()));
        targets.add(Target.atLeast(100_000, ours("PostgreSQL"), new SendLoad(64, MANY_CHANNELS, 1).title()));
        targets.add(Target.atLeast(100_000, ours("PostgreSQL"), IN_BATCHES.title()));
        return targets;
    }

    @Override
    public List<String> plotted() {
        return List.of("1 channel", "channels", "sendAll(100)");
    }

    static String ours(String database) {
        return "ours, " + database;
    }

    static String limit(String database) {
        return "one statement, " + database;
    }

    @Override
    public void run(Run run) throws Exception {
        for (String name : LogDatabase.NAMES) {
            try (LogDatabase database = LogDatabase.start(name, run.newDirectory(name));
                    EmbeddedService service =
                            EmbeddedService.start(run.newDirectory("service"), database, database.url(), Map.of());
                    SingleStatement statement = SingleStatement.of(database, EmbeddedService.CONNECTIONS)) {
                run.version(ours(database.title()), database.version());
                run.version(limit(database.title()), database.version());
                new OnOneDatabase(run, database, service.eventStream(), statement).measure();
            }
        }
    }

    private record OnOneDatabase(Run run, LogDatabase database, EventStream events, SingleStatement statement) {
        void measure() throws Exception {
            createChannels();
            warmUp();
            for (SendLoad load : run.isSmoke() ? IN_SMOKE_RUN : LOADS) {
                List<Subject> subjects = new ArrayList<>();
                subjects.add(
                        new Subject(ours(database.title()), round -> measure(round, load, sendOurs(load.batch()))));
                if (load.batch() == 1) {
                    subjects.add(new Subject(limit(database.title()), round -> measure(round, load, sendStatement())));
                }
                run.alternate(subjects);
            }
        }

        private void createChannels() {
            events.sendAll(IntStream.range(0, MANY_CHANNELS)
                    .mapToObj(i -> event(SendLoad.channel(i)))
                    .toList());
        }

        private void warmUp() throws Exception {
            SendLoad load = new SendLoad(16, MANY_CHANNELS, 1);
            Sent ofOurs = load.run(sendOurs(1), time(20));
            Sent ofStatement = load.run(sendStatement(), time(10));
            if (ofOurs.events() == 0 || ofStatement.events() == 0) {
                throw new IllegalStateException("nothing was sent to " + database.title());
            }
        }

        private void measure(Subject.Round round, SendLoad load, Sending sending) throws Exception {
            long before = stored();
            Sent sent = load.run(sending, time(10));
            long stored = stored() - before;
            if (stored != sent.events()) {
                throw new IllegalStateException(
                        load.title() + ": sent " + sent.events() + " events, and " + stored + " are in the log");
            }
            round.record(load.title(), "events/s", sent.perSecond());
            round.record(load.title() + ", p50", "µs", sent.micros(50));
            round.record(load.title() + ", p99", "µs", sent.micros(99));
        }

        private Duration time(int seconds) {
            return run.isSmoke() ? Duration.ofMillis(300) : Duration.ofSeconds(seconds);
        }

        private long stored() throws Exception {
            return database.number("SELECT SUM(newest) FROM eventstream_channel");
        }

        private Sending sendOurs(int batch) {
            return batch == 1
                    ? channel -> events.send(event(channel))
                    : channel -> events.sendAll(IntStream.range(0, batch)
                            .mapToObj(i -> event(channel))
                            .toList());
        }

        private Sending sendStatement() {
            return channel -> statement.send(channel, TYPE, DATA);
        }

        private static NewEvent event(String channel) {
            return NewEvent.text(channel, TYPE, DATA);
        }
    }
}
