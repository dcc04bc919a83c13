package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.recipe.FailingService;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java reader of the manual, behind a real Pushpin. */
class BehindPushpinReaderTest {
    private static final int EVENTS = 200;

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended();

    @Test
    void each_event_is_handled_once_and_in_order_although_handlers_fail_and_the_process_restarts() throws Exception {
        try (FailingService service = new FailingService(SERVER.pushpin().uri().resolve("/events?channel=numbers"))) {
            await().until(service::isAtAPosition);
            for (int i = 0; i < EVENTS; i++) {
                SERVER.events().send("numbers", "message", i);
                if (i % 50 == 20) {
                    service.restart();
                }
            }

            await().atMost(Duration.ofMinutes(1)).until(() -> service.handled().size() >= EVENTS);
            assertThat(service.handled())
                    .containsExactlyElementsOf(IntStream.range(0, EVENTS)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(service.failures()).isPositive();
        }
    }
}
