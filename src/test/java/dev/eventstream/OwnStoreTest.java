package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Applications that keep their events outside the SQL database that {@code db migrate} prepares. */
class OwnStoreTest {

    /** Counts the appends. */
    private static final class CountingStore extends ForwardingEventStore {
        private final AtomicInteger appends = new AtomicInteger();

        CountingStore() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public Appended append(List<NewEvent> events, Duration maxLockWait) {
            appends.incrementAndGet();
            return super.append(events, maxLockWait);
        }
    }

    /** Fails its check, as a store without tables does. */
    private static final class BrokenStore extends ForwardingEventStore {
        BrokenStore() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public void check() {
            throw new EventStoreException("the log cannot be read: run `db migrate`");
        }
    }

    private interface Use {
        void of(DropwizardTestSupport<Configuration> server, EventStream events);
    }

    private static void run(EventStore store, Use use) throws Exception {
        SmallService service = new SmallService(bundle -> bundle.store((any, environment) -> store)
                .authorizer((reader, channel) -> true)
                .route("/events"));
        DropwizardTestSupport<Configuration> server = service.server();
        server.before();
        try {
            use.of(server, service.eventStream());
        } finally {
            server.after();
        }
    }

    @Test
    void an_application_with_the_memory_store_needs_no_database() throws Exception {
        run(new MemoryEventStore(Clock.systemUTC()), (server, events) -> {
            Event missed = events.send("orders", "message", "missed");
            try (TestStream stream = TestStream.open(
                            server.getLocalPort(), "/events?channel=orders&lastEventId=orders=" + missed.id())
                    .awaitOpen()) {
                events.send("orders", "message", "live");
                stream.awaitMessages(1);

                assertThat(stream.text()).contains("data: \"live\"").doesNotContain("missed");
            }
            assertThat(server.getEnvironment()
                            .healthChecks()
                            .runHealthCheck("eventstream-store")
                            .isHealthy())
                    .isTrue();
        });
    }

    @Test
    void an_application_sends_through_its_own_store() throws Exception {
        CountingStore store = new CountingStore();
        run(store, (server, events) -> {
            events.send("orders", "message", 1);
            events.sendAll(List.of(events.newEvent("a", "message", 2), events.newEvent("b", "message", 3)));

            assertThat(store.appends).hasValue(2);
            assertThat(events.currentEventId("a", "b")).contains("a=").contains("b=");
        });
    }

    @Test
    void an_unsupported_kind_of_transaction_is_refused_by_name() throws Exception {
        Jdbi jdbi = Jdbi.create("jdbc:h2:mem:own-store");
        run(
                new MemoryEventStore(Clock.systemUTC()),
                (server, events) -> jdbi.useTransaction(handle -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> events.in(handle).send("orders", "message", 1))
                        .withMessageContaining("JdbiStoreTransaction")));
    }

    @Test
    void an_application_with_an_unready_store_starts_but_is_unhealthy() throws Exception {
        run(
                new BrokenStore(),
                (server, events) -> assertThat(server.getEnvironment()
                                .healthChecks()
                                .runHealthCheck("eventstream-store")
                                .isHealthy())
                        .isFalse());
    }

    @Test
    void a_store_that_cannot_tell_where_a_reader_starts_is_refused_with_the_route() {
        EventStore simple = new ForwardingEventStore(new MemoryEventStore(Clock.systemUTC())) {
            @Override
            public Optional<Map<ChannelName, EventId>> startPositions(
                    Collection<ChannelName> channels, StartLimit limit) {
                return Optional.empty();
            }
        };
        StreamRoute history = new StreamRoute("/history", List.of(), RouteOptions.DEFAULTS.withStart("now", "all"));
        StreamRoute now = StreamRoute.at("/events");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteChecks.check(List.of(now, history), simple))
                .withMessageStartingWith("the route \"/history\" has a start other than now, and ")
                .withMessageEndingWith(
                        " cannot tell where a new reader starts; implement startPositions, or allow only now");
        RouteChecks.check(List.of(now), simple);
        RouteChecks.check(List.of(now, history), new MemoryEventStore(Clock.systemUTC()));
    }

    @Test
    void an_unready_store_logs_one_error_at_start() {
        try (Logged logged = new Logged()) {
            new StoreCheck(new BrokenStore()).start();

            assertThat(logged.lines())
                    .containsExactly(
                            "ERROR Event streams do not work yet, and the health check eventstream-store fails: the"
                                    + " log cannot be read: run `db migrate`");
        }
    }
}
