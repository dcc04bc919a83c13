package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Many channels with one reader each. Publishers send to the channels in turn, flat out.
 *
 * @param batch how many channels a request sends to
 * @param request makes a request for these channels
 */
record ChannelLoad(Run run, int channels, int batch, BiFunction<Server, List<String>, PublishRequest> request) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EDGE_SECONDS = 3;

    /** One event per request. */
    static ChannelLoad single(Run run, int channels) {
        return new ChannelLoad(run, channels, 1, (server, names) -> server.publishRequest(names.get(0), Load.DATA));
    }

    void measure(Subject.Round round, Peer peer, Server server) throws Exception {
        List<String> names = Load.channels(channels);
        List<PublishRequest> requests = IntStream.range(0, channels / batch)
                .mapToObj(i -> request.apply(server, names.subList(i * batch, (i + 1) * batch)))
                .toList();
        List<String> heads = names.stream().map(server::streamHead).toList();
        try (StreamReaders readers = StreamReaders.open(server.port(), heads, true);
                Publishers posting = Publishers.flatOut(
                        server.publishPort(),
                        Load.PUBLISHERS,
                        number -> requests.get((int) (number % requests.size())),
                        Long.MAX_VALUE)) {
            Window first =
                    Window.measure(server, readers, posting, Load.time(run, peer.isJvm() ? Load.COLD_SECONDS : 3));
            if (peer.isJvm()) {
                record(round, first, Load.COLD);
            }
            record(round, warm(round, server, readers, posting), "");
            long expected = posting.stop(PATIENCE);
            round.record("lost", "%", Load.lostPercent(expected, readers.awaitRest(expected)));
            round.record("refused", "requests", (double) posting.refused());
        }
    }

    /** Compares the delays at the beginning and at the end: they grow if the server accepts more than it delivers. */
    private Window warm(Subject.Round round, Server server, StreamReaders readers, Publishers posting)
            throws Exception {
        readers.takeDelays();
        Window begin = Window.measure(server, readers, posting, Load.time(run, EDGE_SECONDS));
        Histogram early = readers.takeDelays();
        Window middle = Window.measure(server, readers, posting, Load.time(run, 15 - 2 * EDGE_SECONDS));
        readers.takeDelays();
        Window end = Window.measure(server, readers, posting, Load.time(run, EDGE_SECONDS));
        Histogram late = readers.takeDelays();
        round.record("delay at the end, p50", "ms", late.getValueAtPercentile(50) / 1e6);
        round.record("delay at the end, p99", "ms", late.getValueAtPercentile(99) / 1e6);
        round.record(
                "growth of the delay, p50, per second",
                "ms",
                (late.getValueAtPercentile(50) - early.getValueAtPercentile(50))
                        / 1e6
                        / (middle.seconds() + end.seconds()));
        return begin.plus(middle).plus(end);
    }

    private static void record(Subject.Round round, Window window, String suffix) {
        round.record("deliveries" + suffix, "1/s", window.deliveriesPerSecond());
        round.record("accepted" + suffix, "1/s", window.acceptedPerSecond());
        round.record("CPU per delivery" + suffix, "µs", window.cpuMicrosPerDelivery());
    }
}
