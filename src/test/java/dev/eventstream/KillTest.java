package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log after the service was killed. */
class KillTest {
    private static final int SENDERS = 32;
    private static final int WARM_UP = 10_000;
    private static final int SENDS = 20_000;
    private static final List<String> OPTIONS = List.of("-Xmx512m");

    @TempDir
    Path directory;

    @Test
    void every_acknowledged_event_survives_kill_9() throws Exception {
        Map<String, String> returned = new ConcurrentHashMap<>();
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (ServiceProcess service = ServiceProcess.start(directory, OPTIONS)) {
            for (int sender = 0; sender < SENDERS; sender++) {
                String name = "sender " + sender;
                senders.execute(() -> sendUntilKilled(service, name, returned));
            }
            awaitSends(returned, WARM_UP);
            long start = System.nanoTime();
            int before = returned.size();
            awaitSends(returned, SENDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            service.kill();
            System.out.printf("killed at %.0f sends a second%n", (returned.size() - before) / seconds);
        } finally {
            senders.shutdown();
            assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }

        try (ServiceProcess again = ServiceProcess.start(directory, OPTIONS);
                TestStream stream = TestStream.open(
                                again.port(), "/events?channel=killed", "Last-Event-ID", "killed=0-0")
                        .awaitMessages(returned.size())) {
            List<WireEvent> messages = stream.messages();
            Map<String, String> found = messages.stream()
                    .collect(Collectors.toMap(message -> message.id().substring("killed=".length()), WireEvent::data));
            assertThat(found).containsAllEntriesOf(returned);
            for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i).id()).endsWith("-" + (i + 1));
            }
        }
    }

    private static void awaitSends(Map<String, String> returned, int count) {
        Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> returned.size() >= count);
    }

    private static void sendUntilKilled(ServiceProcess service, String name, Map<String, String> returned) {
        try {
            for (int i = 0; ; i++) {
                String text = name + ", send " + i;
                String answer = service.publish("killed", text);
                returned.put(answer.substring("{\"id\":\"".length(), answer.length() - "\"}".length()), text);
            }
        } catch (IOException e) {
            // expected: the service was killed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
