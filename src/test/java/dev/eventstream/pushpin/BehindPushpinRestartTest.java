package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application restarts while a real Pushpin holds its streams and another node sends. */
class BehindPushpinRestartTest {
    private static final int READERS = 20;
    private static final int PER_SECOND = 20;

    @Test
    void no_reader_notices_that_the_application_was_down_for_five_seconds(@TempDir Path directory) throws Exception {
        Server database = Server.createTcpServer("-tcpPort", "0", "-baseDir", directory.toString(), "-ifNotExists")
                .start();
        String url = "jdbc:h2:tcp://localhost:" + database.getPort() + "/./events;WRITE_DELAY=0";
        int port = FreePorts.next();
        try (PushpinProcess pushpin = ProxiedServer.recommended(PushpinProcess.before("127.0.0.1:" + port))
                .start()) {
            String grip = """
                    grip:
                      linkSecrets: [a-secret-for-the-links-of-the-tests]
                      linkTimeoutMin: 3s
                      proxies:
                        - url: %s?verify-key=a-key-of-the-tests-which-is-no-secret
                          minInterval: 0ms
                    """.formatted(pushpin.controlUri());
            TestServer other = TestServer.onDatabase(url, grip);
            other.start();
            ServiceProcess service = ServiceProcess.start(directory, port, url, grip);
            List<ReturningReader> readers = List.of();
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
            try {
                readers = IntStream.range(0, READERS)
                        .mapToObj(i -> reader(pushpin))
                        .toList();
                AtomicInteger sent = new AtomicInteger();
                var unused = clock.scheduleAtFixedRate(
                        () -> other.events().send("restart", "message", sent.incrementAndGet()),
                        0,
                        1_000 / PER_SECOND,
                        TimeUnit.MILLISECONDS);
                readers.forEach(reader -> await().atMost(Duration.ofSeconds(20)).until(() -> reader.count() > 20));

                service.close();
                int gone = sent.get();
                await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() >= gone + 5 * PER_SECOND);
                service = ServiceProcess.start(directory, port, url, grip);
                int back = sent.get();
                await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() >= back + 5 * PER_SECOND);
                clock.shutdown();
                assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

                int all = sent.get();
                readers.forEach(reader -> await().atMost(Duration.ofSeconds(30)).until(() -> reader.count() >= all));
                for (ReturningReader reader : readers) {
                    assertThat(reader.sequences())
                            .isEqualTo(LongStream.rangeClosed(1, all).boxed().toList());
                    assertThat(reader.connections()).isEqualTo(1);
                    assertThat(reader.repeats()).isZero();
                }
            } finally {
                clock.shutdownNow();
                readers.forEach(ReturningReader::close);
                service.close();
                other.stop();
            }
        } finally {
            database.stop();
        }
    }

    private static ReturningReader reader(PushpinProcess pushpin) {
        return new ReturningReader(
                "restart",
                "restart=0-0",
                position ->
                        TestStream.open(pushpin.uri().getPort(), "/events?channel=restart", "Last-Event-ID", position));
    }
}
