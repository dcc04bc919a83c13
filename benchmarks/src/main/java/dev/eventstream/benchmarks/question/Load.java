package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Steps that several questions share. */
final class Load {
    /** The channel of questions that need only one. */
    static final String CHANNEL = "load";

    /** Characters of the data of an event. */
    static final int DATA = 100;

    /** How long a server that becomes faster over time counts as cold. */
    static final int COLD_SECONDS = 20;

    /** The suffix of metrics of that time. */
    static final String COLD = ", first 20 s";

    /** Enough publishers to keep every server busy. */
    static final int PUBLISHERS = 16;

    private Load() {}

    /** Measures one peer on a fresh server. */
    @FunctionalInterface
    interface Measured {
        void measure(Subject.Round round, Peer peer, Server server) throws Exception;
    }

    /** A subject for each peer. Each measurement has a fresh server. */
    static List<Subject> subjects(Run run, List<? extends Peer> peers, Measured measured) {
        return peers.stream()
                .<Subject>map(peer -> new Subject(peer.name(), round -> {
                    run.version(peer.name(), peer.version());
                    try (Server server = peer.start(run.newDirectory(peer.name()))) {
                        measured.measure(round, peer, server);
                    }
                }))
                .toList();
    }

    /** Readers of {@value #CHANNEL} who no longer miss events. */
    static StreamReaders readers(Peer peer, Server server, int count, boolean readsTimes)
            throws IOException, InterruptedException {
        StreamReaders readers =
                StreamReaders.open(server.port(), Collections.nCopies(count, server.streamHead(CHANNEL)), readsTimes);
        TimeUnit.NANOSECONDS.sleep(peer.settling().toNanos());
        return readers;
    }

    /** How long to measure: so many seconds, or a fraction of one in a smoke run. */
    static Duration time(Run run, int seconds) {
        return run.isSmoke() ? Duration.ofMillis(300) : run.seconds(seconds);
    }

    /** Names of channels. */
    static List<String> channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "channel-" + i).toList();
    }

    /** The share of events that were accepted and did not arrive, in percent. */
    static double lostPercent(long expected, long arrived) {
        return expected == 0 ? 0 : 100.0 * Math.max(0, expected - arrived) / expected;
    }
}
