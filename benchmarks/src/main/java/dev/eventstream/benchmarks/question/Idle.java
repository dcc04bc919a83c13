package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Nchan;
import dev.eventstream.benchmarks.peer.Node;
import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.peer.Usage;
import dev.eventstream.benchmarks.result.Target;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Streams on which nothing happens except keep-alives. */
public final class Idle implements Question {
    private static final int STREAMS = 15_000;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String asks() {
        return "15,000 streams without events, with a keep-alive every 20 s: how much memory does each need, and how much CPU do all of them"
                + " need?";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                Target.atMost(6, Peers.UNSTORED, "one channel, heap per stream"),
                Target.atMost(9, Peers.UNSTORED, "one channel, RSS per stream"),
                Target.atMost(2, Peers.UNSTORED, "one channel, CPU of all"),
                Target.atMost(6, Peers.UNSTORED, "a channel each, heap per stream"),
                Target.atMost(9, Peers.UNSTORED, "a channel each, RSS per stream"),
                Target.atMost(2, Peers.UNSTORED, "a channel each, CPU of all"));
    }

    @Override
    public void run(Run run) throws Exception {
        List<String> channels = Load.channels(run.count(STREAMS, 100));
        List<String> same = channels.stream().map(any -> "load").toList();
        // the others send no keep-alives
        List<Peer> peers = run.isSmoke()
                ? List.of(Ours.unstored(), Nchan.UNSTORED)
                : List.of(Ours.unstored(), Ours.onPostgresql(), Nchan.UNSTORED, Nchan.BUFFERED, Node.BETTER_SSE);
        run.alternate(Load.subjects(
                run, peers, (round, peer, server) -> measure(run, round, peer, server, "one channel", same)));
        run.alternate(Load.subjects(
                run, peers, (round, peer, server) -> measure(run, round, peer, server, "a channel each", channels)));
    }

    private static void measure(
            Run run, Subject.Round round, Peer peer, Server server, String prefix, List<String> channels)
            throws Exception {
        // a few streams first, so that what the server loads only once does not count
        open(server, channels.subList(0, Math.min(100, channels.size()))).close();
        long heap = server.liveHeapBytes();
        Usage before = server.usage();
        try (StreamReaders readers = open(server, channels)) {
            pause(run, 5);
            double perStream = 1024.0 * readers.count();
            round.record(
                    prefix + ", RSS per stream", "KB", (server.usage().rssBytes() - before.rssBytes()) / perStream);
            if (peer.isJvm()) {
                round.record(prefix + ", heap per stream", "KB", (server.liveHeapBytes() - heap) / perStream);
            }
            Usage start = server.usage();
            double seconds = pause(run, 40);
            round.record(
                    prefix + ", CPU of all",
                    "% of a core",
                    100 * (server.usage().cpuSeconds() - start.cpuSeconds()) / seconds);
            // throws if a stream has ended
            readers.events();
        }
    }

    private static StreamReaders open(Server server, List<String> channels) throws Exception {
        return StreamReaders.open(
                server.port(), channels.stream().map(server::streamHead).toList(), false);
    }

    private static double pause(Run run, int seconds) throws InterruptedException {
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(run.seconds(seconds).toNanos());
        return (System.nanoTime() - start) / 1e9;
    }
}
