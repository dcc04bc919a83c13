package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.eventstream.SmallService;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Why a reader did not receive an event: its stream is still reading missed events from a slow log. */
class WhyCatchingUpTest {
    private static final int EVENTS = 2_000;

    /** Reads no page after the first until the test allows it. Reads single events at once. */
    private static final class SlowStore extends ForwardingEventStore {
        private final CountDownLatch mayRead = new CountDownLatch(1);

        SlowStore() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            if (after.sequence() > 1 && limit.events() > 1) {
                Uninterruptibles.awaitUninterruptibly(mayRead);
            }
            return super.readAfter(channel, after, limit);
        }
    }

    @Test
    void the_stream_has_not_caught_up_with_the_event_yet() throws Exception {
        SlowStore store = new SlowStore();
        SmallService service = new SmallService(
                bundle -> bundle.store((any, environment) -> store).authorizer((reader, channel) -> true));
        DropwizardTestSupport<Configuration> server = service.server();
        server.before();
        try {
            List<Event> events =
                    service.eventStream().sendAll(Collections.nCopies(EVENTS, NewEvent.text("orders", "message", "1")));
            AdminPort admin = new AdminPort(server::getAdminPort);
            String newest = "orders=" + events.get(EVENTS - 1).id();
            try (TestStream stream = TestStream.open(
                            server.getLocalPort(),
                            "/events?channel=orders",
                            "Last-Event-ID",
                            "orders=" + events.get(0).id())
                    .awaitOpen()) {
                await().untilAsserted(() -> {
                    JsonNode findings = admin.json("why", "event", newest).get("findings");
                    assertThat(AdminPort.column(findings, "cause")).containsExactly("not-caught-up");
                    assertThat(AdminPort.column(findings, "text").get(0))
                            .contains("has not reached the event yet: it is ", "and gets the event when it is there");
                });

                store.mayRead.countDown();
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(AdminPort.column(
                                        admin.json("why", "event", newest).get("findings"), "cause"))
                                .containsExactly("delivered"));
                stream.awaitMessages(EVENTS - 1);
            }
        } finally {
            store.mayRead.countDown();
            server.after();
        }
    }
}
