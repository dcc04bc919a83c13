package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the tables as they were released to those of today, with what is in them. */
class UpgradeTest {
    private static final Changelog RELEASED = new Changelog("migrations-released-1.xml");
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final ChannelName QUIET = new ChannelName("quiet");
    private static final String EPOCH = "k3f9x2";
    private static final PageLimit ALL = new PageLimit(100, 100_000);
    private static final Event SECOND = event(2, "zwei €", Set.of());
    private static final Event THIRD = event(3, "drei 😀", Set.of("eve", "mallory"));

    private final SettableClock clock = new SettableClock();

    interface Start {
        TestDatabase empty();
    }

    static Stream<Start> databases() {
        return Stream.of(
                () -> new TestDatabase(TestDatabase.h2InMemory(), "sa", ""),
                () -> TestDatabase.freshOn(PostgresServer.shared()),
                () -> TestDatabase.freshOn(MariaDbServer.shared()));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_log_of_the_released_tables_is_read_and_goes_on_in_those_of_today(Start start) {
        try (TestDatabase database = start.empty()) {
            database.migrate(RELEASED);
            database.jdbi().useHandle(this::fill);

            database.migrate();

            JdbiEventStore store = new JdbiEventStore(database.jdbi(), clock);
            store.check();
            assertThatAllIsThere(store);
            assertThatItGoesOn(store);
        }
    }

    private void fill(Handle handle) {
        long now = clock.millis();
        String channel = "INSERT INTO eventstream_channel (name, epoch, newest, newest_at, trimmed_through)"
                + " VALUES (?, ?, ?, ?, ?)";
        handle.execute(channel, "orders", EPOCH, 3, now, 1);
        handle.execute(channel, "quiet", EPOCH, 2, now, 2);
        String event = "INSERT INTO eventstream_event (channel_id, sequence, type, data, skip_users, idempotency_key,"
                + " created_at) SELECT id, ?, 'message', ?, ?, ?, ? FROM eventstream_channel WHERE name = 'orders'";
        handle.execute(event, 2, SECOND.data(), null, null, now);
        handle.execute(event, 3, THIRD.data(), "eve\nmallory", "key", now);
    }

    private static void assertThatAllIsThere(JdbiEventStore store) {
        assertThat(store.readAfter(ORDERS, new EventId(EPOCH, 1), ALL))
                .isEqualTo(new EventPage.Range(List.of(SECOND, THIRD), false));
        assertThat(store.readAfter(ORDERS, EventId.NONE, ALL)).isEqualTo(new EventPage.PositionUnavailable(THIRD.id()));
        assertThat(store.readAfter(QUIET, new EventId(EPOCH, 1), ALL))
                .isInstanceOf(EventPage.PositionUnavailable.class);
        assertThat(store.readAfter(QUIET, new EventId(EPOCH, 2), ALL)).isEqualTo(new EventPage.Range(List.of(), false));
    }

    private void assertThatItGoesOn(JdbiEventStore store) {
        NewEvent repeated = NewEvent.text("orders", "message", "again").withIdempotencyKey("key");
        NewEvent next = NewEvent.text("orders", "message", "vier");
        NewEvent elsewhere = NewEvent.text("new", "message", "eins");

        List<Event> sent = store.append(List.of(repeated, next, elsewhere)).events();

        assertThat(sent.get(0)).isEqualTo(THIRD);
        assertThat(sent.get(1).previous()).isEqualTo(THIRD.id());
        assertThat(sent.get(2).id().sequence()).isEqualTo(1);
        assertThat(store.readAfter(ORDERS, SECOND.id(), ALL))
                .isEqualTo(new EventPage.Range(List.of(THIRD, sent.get(1)), false));
        clock.advance(Duration.ofDays(1));
        assertThat(store.trim(clock.instant(), 100)).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_released_change_set_is_never_changed(Start start) throws Exception {
        try (TestDatabase database = start.empty()) {
            assertThat(Changelog.APPLICATION.checksums(database.connect()))
                    .containsAllEntriesOf(RELEASED.checksums(database.connect()))
                    .hasSizeGreaterThan(3);
        }
    }

    private static Event event(long sequence, String data, Set<String> skipUsers) {
        return new Event(ORDERS, new EventId(EPOCH, sequence), new EventType("message"), data, skipUsers);
    }
}
