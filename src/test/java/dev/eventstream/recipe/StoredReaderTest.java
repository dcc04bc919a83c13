package dev.eventstream.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.network.FaultProxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java reader of the manual, on streams that the service holds itself. */
class StoredReaderTest {
    private static final int EVENTS = 300;

    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.retry.min=100ms", "eventStream.retry.max=200ms");

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void each_event_is_handled_once_although_handlers_fail_connections_break_and_the_process_restarts()
            throws Exception {
        try (FaultProxy network = new FaultProxy("reader", SERVER.port());
                FailingService service = new FailingService(
                        URI.create("http://localhost:" + network.port() + "/events?channel=odd&channel=even"))) {
            await().until(service::isAtAPosition);
            for (int i = 0; i < EVENTS; i++) {
                SERVER.events().send(i % 2 == 0 ? "even" : "odd", "message", i);
                if (i % 30 == 10) {
                    network.cut();
                } else if (i % 30 == 20) {
                    service.restart();
                }
            }

            await().atMost(Duration.ofMinutes(1)).until(() -> service.handled().size() >= EVENTS);
            assertThat(service.handled()).containsExactlyInAnyOrderElementsOf(numbers(EVENTS));
            assertThat(service.handled().stream().filter(number -> Integer.parseInt(number) % 2 == 0))
                    .isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
            assertThat(service.failures()).isPositive();
            assertThat(network.cuts()).isPositive();
        }
    }

    @Test
    void the_handler_learns_of_a_gap() throws Exception {
        try (FailingService service =
                new FailingService(URI.create("http://localhost:" + SERVER.port() + "/events?channel=wiped"))) {
            await().until(service::isAtAPosition);
            SERVER.events().send("wiped", "message", 0);
            await().until(() -> service.handled().size() == 1);
            SERVER.jdbi()
                    .useHandle(handle ->
                            handle.execute("UPDATE eventstream_channel SET epoch = 'other' WHERE name = 'wiped'"));
            service.restart();

            await().until(() -> service.handled().equals(List.of("0", "stream-reset")));
        }
    }

    @Test
    void the_manual_shows_this_program() throws Exception {
        String program = Files.readString(
                Path.of("src/test/java/dev/eventstream/recipe/StoredReader.java"), StandardCharsets.UTF_8);

        assertThat(Files.readString(Path.of("docs/READING.md"), StandardCharsets.UTF_8))
                .contains(program.substring(program.indexOf("import ")));
    }
}
