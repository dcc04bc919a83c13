package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import java.time.Duration;

/**
 * Publishers that post single events to one channel, as fast as they get answers.
 *
 * @param prefix of the metrics
 */
record FlatOut(Run run, String prefix, int readers, int publishers) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    void measure(Subject.Round round, Peer peer, Server server) throws Exception {
        PublishRequest request = server.publishRequest(Load.CHANNEL, Load.DATA);
        try (StreamReaders open = Load.readers(peer, server, readers, false);
                Publishers posting =
                        Publishers.flatOut(server.publishPort(), publishers, number -> request, Long.MAX_VALUE)) {
            Window first = Window.measure(server, open, posting, Load.time(run, peer.isJvm() ? Load.COLD_SECONDS : 3));
            if (peer.isJvm()) {
                record(round, first, Load.COLD);
            }
            record(round, Window.measure(server, open, posting, Load.time(run, 15)), "");
            long expected = posting.stop(PATIENCE) * readers;
            round.record(prefix + ", lost", "%", Load.lostPercent(expected, open.awaitRest(expected)));
        }
    }

    private void record(Subject.Round round, Window window, String suffix) {
        round.record(prefix + ", deliveries" + suffix, "1/s", window.deliveriesPerSecond());
        round.record(prefix + ", accepted" + suffix, "1/s", window.acceptedPerSecond());
        round.record(prefix + ", CPU per delivery" + suffix, "µs", window.cpuMicrosPerDelivery());
    }
}
