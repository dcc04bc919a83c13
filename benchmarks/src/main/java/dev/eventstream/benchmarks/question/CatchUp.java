package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.FirstEvent;
import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Nchan;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.result.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Readers that come back after they have missed many events. */
public final class CatchUp implements Question {
    private static final int MISSED = 10_000;
    private static final int PER_REQUEST = 500;
    private static final String CHANNEL = "load";
    private static final String BUFFERED = Nchan.BUFFERED.name();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "catch-up";
    }

    @Override
    public String asks() {
        return "1, 100 and 1,000 readers come back at once and have missed 10,000 events: when does the last of them have everything?";
    }

    @Override
    public List<String> references() {
        return List.of(BUFFERED);
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (int readers : List.of(1, 100, 1_000)) {
            targets.add(Target.atLeast(20, Peers.POSTGRESQL, prefix(readers) + ", events")
                    .times(BUFFERED));
        }
        return targets;
    }

    private static String prefix(int readers) {
        return String.format(Locale.ROOT, "%,d %s", readers, readers == 1 ? "reader" : "readers");
    }

    @Override
    public List<String> plotted() {
        return List.of("milliseconds");
    }

    @Override
    public void run(Run run) throws Exception {
        List<Peer> peers = new ArrayList<>(Peers.oursStored(run));
        peers.add(Nchan.BUFFERED);
        run.alternate(Load.subjects(run, peers, (round, peer, server) -> measure(run, round, peer, server)));
    }

    private static void measure(Run run, Subject.Round round, Peer peer, Server server) throws Exception {
        PublishRequest single = server.publishRequest(CHANNEL, Load.DATA);
        String position = FirstEvent.idOf(server.port(), server.streamHead(CHANNEL), server.publishPort(), single);
        int missed = run.count(MISSED, 1_000);
        fill(
                server,
                missed,
                peer.isJvm() ? server.batchRequest(Collections.nCopies(PER_REQUEST, CHANNEL), Load.DATA) : single);
        String head = server.streamHead(CHANNEL, position);
        if (peer.isJvm()) {
            round.record(prefix(1) + ", milliseconds, the first time", "ms", read(server, head, 1, missed) * 1e3);
            for (int i = 0; i < run.count(20, 1); i++) {
                read(server, head, 10, missed);
            }
        }
        for (int readers : List.of(1, 100, 1_000)) {
            int count = run.count(readers, Math.min(readers, 10));
            double seconds = read(server, head, count, missed);
            round.record(prefix(readers) + ", milliseconds", "ms", seconds * 1e3);
            round.record(prefix(readers) + ", events", "1/s", (double) count * missed / seconds);
        }
    }

    private static void fill(Server server, int events, PublishRequest request)
            throws IOException, InterruptedException {
        try (Publishers filling =
                Publishers.flatOut(server.publishPort(), 1, number -> request, events / request.events())) {
            if (!filling.awaitEnd(PATIENCE) || filling.accepted() != events) {
                throw new IOException("only " + filling.accepted() + " of " + events + " events were accepted");
            }
        }
    }

    /** Seconds from the first connection until all readers have everything. */
    private static double read(Server server, String head, int readers, int missed)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (StreamReaders returning = StreamReaders.open(server.port(), Collections.nCopies(readers, head), false)) {
            long expected = (long) readers * missed;
            if (!returning.awaitEvents(expected, PATIENCE)) {
                throw new IOException("only " + returning.events() + " of " + expected + " missed events arrived");
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            // repeated events would arrive now
            TimeUnit.MILLISECONDS.sleep(200);
            if (returning.events() != expected) {
                throw new IOException(returning.events() + " events arrived instead of " + expected);
            }
            return seconds;
        }
    }
}
