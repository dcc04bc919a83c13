package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.result.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One event at a time, so that no server can write several events to a reader at once. */
public final class OneByOne implements Question {
    private static final int READERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "one-by-one";
    }

    @Override
    public String asks() {
        return "1,000 readers; each event is sent after all of them have the last one: how much CPU does a delivery cost that no other"
                + " one shares?";
    }

    @Override
    public List<Target> targets() {
        return List.of(Target.atMost(1, Peers.UNSTORED, "CPU per delivery").times(Peers.NCHAN));
    }

    @Override
    public List<String> plotted() {
        return List.of("CPU per delivery");
    }

    @Override
    public void run(Run run) throws Exception {
        run.alternate(Load.subjects(run, Peers.all(run), (round, peer, server) -> measure(run, round, peer, server)));
    }

    private static void measure(Run run, Subject.Round round, Peer peer, Server server) throws Exception {
        AtomicLong late = new AtomicLong();
        try (StreamReaders readers = Load.readers(peer, server, run.count(READERS, 20), false);
                Publishers posting = start(server, readers, late)) {
            Window first =
                    Window.measure(server, readers, posting, Load.time(run, peer.isJvm() ? Load.COLD_SECONDS : 3));
            if (peer.isJvm()) {
                record(round, first, Load.COLD);
            }
            record(round, Window.measure(server, readers, posting, Load.time(run, 15)), "");
            round.record("events that not all readers had after a second", "events", (double) late.get());
            posting.stop(PATIENCE);
        }
    }

    private static Publishers start(Server server, StreamReaders readers, AtomicLong late) throws IOException {
        PublishRequest request = server.publishRequest(Load.CHANNEL, Load.DATA);
        return Publishers.flatOut(
                server.publishPort(),
                1,
                number -> {
                    late.addAndGet(isAwaited(readers, number) ? 0 : 1);
                    return request;
                },
                Long.MAX_VALUE);
    }

    private static boolean isAwaited(StreamReaders readers, long events) {
        try {
            return readers.awaitEvents(events * readers.count(), PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void record(Subject.Round round, Window window, String suffix) {
        round.record("CPU per delivery" + suffix, "µs", window.cpuMicrosPerDelivery());
        round.record("deliveries" + suffix, "1/s", window.deliveriesPerSecond());
    }
}
