package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.network.FaultProxy;
import dev.eventstream.network.FreePorts;
import java.nio.file.Files;
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

/**
 * The application restarts while a real Pushpin holds its streams and another node sends. The new process has already started, so that
 * Pushpin gets no answer for five seconds, however long a start takes on this machine: it ends streams after about twenty.
 */
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
            List<ReturningReader> readers = List.of();
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
            AtomicInteger sent = new AtomicInteger();
            try (ServiceProcess after = start(directory.resolve("after"), url, grip)) {
                try (ServiceProcess before = start(directory.resolve("before"), url, grip);
                        FaultProxy up = new FaultProxy("before", port, before.port())) {
                    readers = IntStream.range(0, READERS)
                            .mapToObj(i -> reader(pushpin))
                            .toList();
                    var unused = clock.scheduleAtFixedRate(
                            () -> other.events().send("restart", "message", sent.incrementAndGet()),
                            0,
                            1_000 / PER_SECOND,
                            TimeUnit.MILLISECONDS);
                    readers.forEach(
                            reader -> await().atMost(Duration.ofSeconds(20)).until(() -> reader.count() > 20));
                    assertThat(up.bytes()).isPositive();
                }
                awaitSeconds(5, sent);
                try (FaultProxy upAgain = new FaultProxy("after", port, after.port())) {
                    awaitSeconds(5, sent);
                    clock.shutdown();
                    assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

                    int all = sent.get();
                    readers.forEach(
                            reader -> await().atMost(Duration.ofSeconds(30)).until(() -> reader.count() >= all));
                    for (ReturningReader reader : readers) {
                        assertThat(reader.sequences())
                                .isEqualTo(
                                        LongStream.rangeClosed(1, all).boxed().toList());
                        assertThat(reader.connections()).isEqualTo(1);
                        assertThat(reader.repeats()).isZero();
                    }
                    assertThat(upAgain.bytes()).isPositive();
                }
            } finally {
                clock.shutdownNow();
                readers.forEach(ReturningReader::close);
                other.stop();
            }
        } finally {
            database.stop();
        }
    }

    private static ServiceProcess start(Path directory, String url, String grip) throws Exception {
        return ServiceProcess.start(Files.createDirectory(directory), FreePorts.next(), url, grip);
    }

    private static void awaitSeconds(int seconds, AtomicInteger sent) {
        int before = sent.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() >= before + seconds * PER_SECOND);
    }

    private static ReturningReader reader(PushpinProcess pushpin) {
        return new ReturningReader(
                "restart",
                "restart=0-0",
                position ->
                        TestStream.open(pushpin.uri().getPort(), "/events?channel=restart", "Last-Event-ID", position));
    }
}
