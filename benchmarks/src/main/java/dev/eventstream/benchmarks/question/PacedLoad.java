package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Events to one channel at a steady rate.
 *
 * @param prefix of the metrics
 */
record PacedLoad(Run run, String prefix, int perSecond, int readers) {
    private static final int CONNECTIONS = 8;
    private static final int SECONDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    void measure(Subject.Round round, Peer peer, Server server) throws Exception {
        PublishRequest request = server.publishRequest(Load.CHANNEL, Load.DATA);
        try (StreamReaders open = Load.readers(peer, server, readers, true);
                Publishers posting =
                        Publishers.atRate(server.publishPort(), CONNECTIONS, number -> request, perSecond)) {
            Window.measure(server, open, posting, Load.time(run, peer.isJvm() ? Load.COLD_SECONDS : 3));
            Histogram first = open.takeDelays();
            posting.takeAnswerTimes();
            if (peer.isJvm()) {
                record(round, first, Load.COLD);
            }
            Window window = Window.measure(server, open, posting, Load.time(run, SECONDS));
            Histogram delays = open.takeDelays();
            Histogram answers = posting.takeAnswerTimes();
            record(round, delays, "");
            for (double percentile : new double[] {50, 99}) {
                String suffix = ", p" + (int) percentile;
                double answer = answers.getValueAtPercentile(percentile) / 1e6;
                round.record(prefix + ", answer" + suffix, "ms", answer);
                round.record(
                        prefix + ", after the answer" + suffix,
                        "ms",
                        delays.getValueAtPercentile(percentile) / 1e6 - answer);
            }
            round.record(prefix + ", CPU per delivery", "µs", window.cpuMicrosPerDelivery());
            long expected = posting.stop(PATIENCE) * readers;
            round.record(prefix + ", lost", "%", Load.lostPercent(expected, open.awaitRest(expected)));
        }
    }

    private void record(Subject.Round round, Histogram delays, String suffix) {
        round.record(prefix + ", p50" + suffix, "ms", delays.getValueAtPercentile(50) / 1e6);
        round.record(prefix + ", p99" + suffix, "ms", delays.getValueAtPercentile(99) / 1e6);
        round.record(prefix + ", p99.9" + suffix, "ms", delays.getValueAtPercentile(99.9) / 1e6);
    }
}
