package dev.eventstream.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.launchdarkly.eventsource.MessageEvent;
import dev.eventstream.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The loop of the manual around its Java reader. */
class ReaderServiceTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private final Jdbi jdbi = Jdbi.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private final AtomicInteger attempts = new AtomicInteger();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    private ReaderService service(String channel) {
        jdbi.useHandle(handle -> handle.createScript("CREATE TABLE stream_reader (name VARCHAR(50), position TEXT);"
                        + "INSERT INTO stream_reader VALUES ('orders', '')")
                .execute());
        URI stream = URI.create("http://localhost:" + SERVER.port() + "/events?channel=" + channel);
        return new ReaderService(new StoredReader(jdbi, "orders", stream, this::handle));
    }

    private void handle(Handle handle, MessageEvent event) {
        if (attempts.incrementAndGet() == 1) {
            throw new IllegalArgumentException("planned");
        }
        handled.add(event.getData());
    }

    @Test
    void it_reads_again_from_the_stored_position_after_its_handler_has_failed() {
        ReaderService service = service("orders");
        service.start();
        await().until(() -> jdbi.withHandle(handle -> !handle.select("SELECT position FROM stream_reader")
                .mapTo(String.class)
                .one()
                .isEmpty()));
        SERVER.events().send("orders", "message", 1);
        SERVER.events().send("orders", "message", 2);

        await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() == 2);
        assertThat(handled).containsExactlyElementsOf(List.of("1", "2"));
        service.stop();
        assertThat(service.isRunning()).isFalse();
    }

    @RepeatedTest(20)
    void it_stops_at_any_point() {
        ReaderService service = service("quiet");
        service.start();
        service.stop();

        assertThat(service.isRunning()).isFalse();
    }
}
