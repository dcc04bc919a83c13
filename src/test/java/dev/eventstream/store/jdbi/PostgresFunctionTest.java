package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.testing.EventStoreContract;
import dev.eventstream.store.testing.Together;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The SQL function {@code eventstream_send} fulfils the contract of the store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresFunctionTest extends EventStoreContract {
    /** From docs/SENDING.md. */
    private static final String MANUAL = """
            SELECT eventstream_send('orders', 'created', '{"id": 7}');                        -- returns the id: k3f9x2-1
            SELECT eventstream_send('orders', 'created', to_jsonb(o)::text, ARRAY['ann'], 'order-7') FROM shop_order o WHERE id = 7;
            """;

    private final TestDatabase database = TestDatabase.freshOn(PostgresServer.shared());
    private final JdbiEventStore jdbiStore = new JdbiEventStore(database.jdbi(), clock, true);
    private final EventStore store = new FunctionStore(jdbiStore, database.jdbi(), clock);

    /** The function finds this clock, because it keeps the search path of the connection that creates it. */
    @BeforeAll
    void migrate() throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA test_clock");
            statement.execute("CREATE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
                    + " 'SELECT to_timestamp(current_setting(''test.millis'')::bigint / 1000.0)'");
            statement.execute("SET search_path = public, test_clock, pg_catalog");
        }
        Changelog.WITH_FUNCTION.apply(connection);
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void inTransaction(Consumer<StoreTransaction> work) {
        database.jdbi().useTransaction(handle -> work.accept(new JdbiStoreTransaction(handle)));
    }

    @Override
    protected void inSnapshot(Consumer<StoreTransaction> work) {
        database.jdbi()
                .useTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> work.accept(new JdbiStoreTransaction(handle)));
    }

    private String call(String arguments, Object... parameters) {
        return database.jdbi().inTransaction(handle -> {
            handle.execute("SELECT set_config('test.millis', ?, true)", Long.toString(clock.millis()));
            var query = handle.createQuery("SELECT eventstream_send(" + arguments + ")");
            for (int i = 0; i < parameters.length; i++) {
                query.bind(i, parameters[i]);
            }
            return query.mapTo(String.class).one();
        });
    }

    // ---- the manual

    @Test
    void the_samples_of_the_manual_send() {
        List<String> ids = database.jdbi().inTransaction(handle -> {
            handle.execute("SELECT set_config('test.millis', ?, true)", Long.toString(clock.millis()));
            handle.execute("CREATE TEMPORARY TABLE shop_order ON COMMIT DROP AS SELECT 7 AS id, 'tea' AS item");
            return Splitter.on(Pattern.compile(";.*\\n"))
                    .omitEmptyStrings()
                    .splitToStream(MANUAL)
                    .map(call -> handle.select(call).mapTo(String.class).one())
                    .toList();
        });

        assertThat(read("orders"))
                .extracting(event -> event.id().toString())
                .isEqualTo(ids)
                .hasSize(2);
        assertThat(read("orders").get(1).data()).isEqualTo("{\"id\": 7, \"item\": \"tea\"}");
        assertThat(read("orders").get(1).skipUsers()).containsExactly("ann");
    }

    // ---- arguments

    @Test
    void skipped_users_and_the_key_may_be_left_out() {
        String id = call("'orders', 'created', '{}'");

        Event stored = read("orders").get(0);
        assertThat(stored.id()).hasToString(id);
        assertThat(stored.type().value()).isEqualTo("created");
        assertThat(stored.skipUsers()).isEmpty();
        assertThat(
                        call(
                                "channel => 'orders', type => 'created', data => '', skip_users => NULL, idempotency_key => 'k'"))
                .isEqualTo(call("'orders', 'other', 'other', idempotency_key => 'k'"))
                .endsWith("-2");
        assertThat(call("'orders', 'created', '', ARRAY['ann', 'bob']")).endsWith("-3");
        assertThat(read("orders").get(2).skipUsers()).containsExactlyInAnyOrder("ann", "bob");
    }

    static Stream<Arguments> refused() {
        String emoji = "\ud83d\ude00";
        return Stream.of(
                Arguments.of("channel name", List.of("", "message", "x")),
                Arguments.of("channel name", List.of("a\nb", "message", "x")),
                Arguments.of("channel name", List.of("a\u0085b", "message", "x")),
                Arguments.of("channel name", List.of("x".repeat(256), "message", "x")),
                Arguments.of("event type", List.of("a", "", "x")),
                Arguments.of("event type", List.of("a", "b\u007f", "x")),
                Arguments.of("event type", List.of("a", "x".repeat(256), "x")),
                Arguments.of("event type", List.of("a", emoji.repeat(128), "x")),
                Arguments.of("is reserved", List.of("a", "keep-alive", "x")),
                Arguments.of("is reserved", List.of("a", "error", "x")),
                Arguments.of("event data of 1048577 characters", List.of("a", "b", "x".repeat(1_048_577))));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void the_function_refuses_the_same_arguments_as_java(String message, List<String> arguments) {
        assertThatThrownBy(() -> call("?, ?, ?", arguments.toArray()))
                .hasMessageContaining(message)
                .hasMessageContaining("allowed are");
        if (arguments.get(2).length() < 10) {
            assertThatThrownBy(() -> NewEvent.text(arguments.get(0), arguments.get(1), arguments.get(2)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store().stats("", 10)).isEmpty();
    }

    @Test
    void users_and_keys_follow_the_rules_of_java() {
        for (String name : List.of("", "a\nb", "x".repeat(256), "\ud83d\ude00".repeat(128))) {
            assertThatThrownBy(() -> call("'a', 'b', 'c', ARRAY['ann', ?]", name))
                    .hasMessageContaining("a user to skip is not allowed");
            assertThatThrownBy(() -> call("'a', 'b', 'c', '{}', ?", name))
                    .hasMessageContaining("an idempotency key of ");
        }
        for (String missing :
                List.of("NULL, 'b', 'c'", "'a', NULL, 'c'", "'a', 'b', NULL", "'a', 'b', 'c', '{NULL}'")) {
            assertThatThrownBy(() -> call(missing)).hasMessageContaining("not allowed");
        }
        String longest = "\ud83d\ude00".repeat(127) + "x";
        assertThat(call("?, ?, 'c', ARRAY[?], ?", "\ud83d\ude00".repeat(255), longest, longest, longest))
                .endsWith("-1");
    }

    @Test
    void a_finished_channel_is_refused_but_a_repeated_event_is_not() {
        String id = call("'orders', 'message', 'x', '{}', 'key'");
        jdbiStore.append(List.of(NewEvent.end(new ChannelName("orders"))));

        assertThatThrownBy(() -> call("'orders', 'message', 'y'"))
                .hasMessageContaining("channel \"orders\" is finished, so nothing was sent");
        assertThat(call("'orders', 'message', 'x', '{}', 'key'")).isEqualTo(id);
    }

    // ---- beside the store

    @Test
    void the_function_and_the_store_take_turns_on_a_channel() throws Exception {
        int each = 100;
        Together.run(4, thread -> {
            for (int i = 0; i < each; i++) {
                if (thread % 2 == 0) {
                    call("'orders', 'message', 'x'");
                } else {
                    jdbiStore.append(List.of(event("orders", "x")));
                }
            }
            return thread;
        });

        List<Event> log = read("orders");
        assertThat(log).hasSize(4 * each);
        assertThat(log.get(4 * each - 1).id().sequence()).isEqualTo(4L * each);
    }

    @Test
    void a_trigger_sends_within_its_statement_s_transaction() {
        database.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE shop_order (id int PRIMARY KEY, state text)");
            handle.execute("CREATE FUNCTION send_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " PERFORM eventstream_send('orders', lower(TG_OP), to_jsonb(NEW)::text); RETURN NULL; END $$");
            handle.execute("CREATE TRIGGER send_order AFTER INSERT OR UPDATE ON shop_order"
                    + " FOR EACH ROW EXECUTE FUNCTION send_order()");
            handle.execute("SET test.millis = '1000'");
            handle.execute("INSERT INTO shop_order VALUES (1, 'new'), (2, 'new')");
            handle.begin();
            handle.execute("UPDATE shop_order SET state = 'paid'");
            handle.rollback();
            handle.execute("UPDATE shop_order SET state = 'sent' WHERE id = 2");
        });

        assertThat(read("orders"))
                .extracting(event -> event.type() + " " + event.data())
                .containsExactly(
                        "insert {\"id\": 1, \"state\": \"new\"}",
                        "insert {\"id\": 2, \"state\": \"new\"}",
                        "update {\"id\": 2, \"state\": \"sent\"}");
    }

    // ---- outbox

    @Test
    void an_outbox_row_is_written_if_a_node_sweeps_the_outbox_and_only_then() {
        JdbiOutbox outbox = new JdbiOutbox(database.jdbi(), clock);
        call("'orders', 'message', 'before any node'");
        assertThat(outbox.claimDue(10)).isEmpty();

        EventId sent = EventId.parse(call("'orders', 'message', 'swept'"));
        assertThat(outbox.claimDue(10)).as("too early").isEmpty();
        clock.advance(JdbiOutbox.GRACE);
        assertThat(outbox.claimDue(10)).containsExactly(new OutboxEntry(new ChannelName("orders"), sent, sent));

        clock.advance(Duration.ofDays(9));
        call("'orders', 'message', 'no node has swept for a week'");
        clock.advance(JdbiOutbox.GRACE);
        List<OutboxEntry> due = new ArrayList<>(outbox.claimDue(10));
        assertThat(due).containsExactly(new OutboxEntry(new ChannelName("orders"), sent, sent));
        assertThat(store.newest(List.of(new ChannelName("orders"))))
                .isEqualTo(Map.of(new ChannelName("orders"), new EventId(sent.epoch(), 3)));
    }
}
