package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.testing.EventStoreContract;
import dev.eventstream.store.testing.Together;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.SerializableTransactionRunner;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.sqlobject.SqlObject;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jdbi.v3.sqlobject.transaction.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sending within the application's transaction. Whatever it does, exactly the committed events are announced. */
abstract class TransactionContract extends EventStoreContract {
    private final List<Event> announced = Collections.synchronizedList(new ArrayList<>());

    /** A database like that of an application. */
    protected abstract TestDatabase database();

    @BeforeEach
    void forget() {
        announced.clear();
    }

    private EventPublisher publisher() {
        Announcer recorder = events -> {
            announced.addAll(events);
            return Announcer.DONE;
        };
        return new EventPublisher(
                store(),
                new StoredChannels(List.of(new ChannelPattern("time"))),
                new Announcements(List.of(recorder), new MetricRegistry()),
                1_000,
                new MetricRegistry());
    }

    private Jdbi jdbi() {
        return database().jdbi();
    }

    private Event send(Handle handle, String channel, String data) {
        return publisher()
                .send(new JdbiStoreTransaction(handle), List.of(event(channel, data)))
                .get(0);
    }

    private Event send(Connection connection, String channel, String data) {
        return publisher()
                .send(new ConnectionTransaction(connection), List.of(event(channel, data)))
                .get(0);
    }

    // --- commit and rollback

    @Test
    void committed_events_are_announced_as_they_are_in_the_log() {
        List<Event> sent = new ArrayList<>();
        jdbi().useTransaction(handle -> {
            sent.addAll(publisher()
                    .send(
                            new JdbiStoreTransaction(handle),
                            List.of(event("orders", "1"), event("time", "noon"), event("alerts", "2"))));
            sent.add(send(handle, "orders", "3"));
            assertThat(announced).isEmpty();
        });

        assertThat(announced).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(read("orders")).containsExactly(sent.get(0), sent.get(3));
        assertThat(read("alerts")).containsExactly(sent.get(2));
    }

    @Test
    void a_rollback_leaves_no_event_gap_or_announcement_and_its_id_is_reused_once() {
        Event before = append("orders", "before");
        assertThatThrownBy(() -> jdbi().useTransaction(handle -> {
                    send(handle, "orders", "never");
                    send(handle, "time", "never");
                    send(handle, "new", "never");
                    throw new IllegalStateException("the order was refused");
                }))
                .hasMessage("the order was refused");
        Event after = append("orders", "after");

        assertThat(announced).isEmpty();
        assertThat(after.previous()).isEqualTo(before.id());
        assertThat(read("orders")).containsExactly(before, after);
        assertThat(read("new")).isEmpty();
    }

    @Test
    void a_transaction_within_a_transaction_is_part_of_it() {
        List<Event> sent = new ArrayList<>();
        jdbi().useTransaction(outer -> {
            sent.add(send(outer, "orders", "outer"));
            outer.useTransaction(inner -> sent.add(send(inner, "orders", "inner")));
            assertThat(announced).isEmpty();
        });
        assertThat(announced).isEqualTo(sent);
        assertThat(read("orders")).isEqualTo(sent);

        announced.clear();
        assertThatThrownBy(() -> jdbi().useTransaction(outer -> {
                    outer.useTransaction(inner -> send(inner, "orders", "never"));
                    throw new IllegalStateException("after the inner one");
                }))
                .hasMessage("after the inner one");
        assertThat(announced).isEmpty();
        assertThat(read("orders")).isEqualTo(sent);
    }

    // --- savepoints

    @Test
    void events_rolled_back_to_a_savepoint_are_not_announced() {
        List<Event> sent = new ArrayList<>();
        jdbi().useTransaction(handle -> {
            sent.add(send(handle, "orders", "kept"));
            handle.savepoint("before");
            send(handle, "orders", "undone");
            send(handle, "new", "undone");
            handle.rollbackToSavepoint("before");
        });

        assertThat(announced).isEqualTo(sent);
        assertThat(read("orders")).isEqualTo(sent);
        assertThat(read("new")).isEmpty();
        assertThat(append("orders", "next").previous()).isEqualTo(sent.get(0).id());
    }

    @Test
    void an_id_rolled_back_to_a_savepoint_goes_to_the_next_event_of_the_transaction() {
        List<Event> sent = new ArrayList<>();
        jdbi().useTransaction(handle -> {
            handle.savepoint("before");
            EventId undone = send(handle, "orders", "undone").id();
            handle.rollbackToSavepoint("before");
            Event next = send(handle, "orders", "kept");
            assertThat(next.id().sequence()).isEqualTo(undone.sequence());
            sent.add(next);
        });

        assertThat(announced).isNotEmpty().containsOnly(sent.get(0));
        assertThat(read("orders")).isEqualTo(sent);
    }

    @Test
    void an_event_is_uncommitted_until_a_rollback_to_an_earlier_savepoint() {
        jdbi().useTransaction(handle -> {
            JdbiStoreTransaction transaction = new JdbiStoreTransaction(handle);
            Event kept = send(handle, "orders", "kept");
            handle.savepoint("between");
            Event undone = send(handle, "orders", "undone");
            assertThat(store().isUncommitted(transaction, undone)).isTrue();

            handle.rollbackToSavepoint("between");

            assertThat(store().isUncommitted(transaction, undone)).isFalse();
            assertThat(store().isUncommitted(transaction, kept)).isTrue();
        });
    }

    @Test
    void a_savepoint_that_is_released_changes_nothing() {
        List<Event> sent = new ArrayList<>();
        jdbi().useTransaction(handle -> {
            handle.savepoint("before");
            sent.add(send(handle, "orders", "kept"));
            handle.releaseSavepoint("before");
            sent.add(send(handle, "orders", "kept too"));
        });

        assertThat(announced).isEqualTo(sent);
        assertThat(read("orders")).isEqualTo(sent);
    }

    // --- SQL objects and repeated transactions

    /** Like an application's. */
    public interface Shop extends SqlObject {
        @Transaction
        default Event order(TransactionContract test, String data, boolean refused) {
            Event sent = test.send(getHandle(), "orders", data);
            if (refused) {
                throw new IllegalStateException("refused");
            }
            return sent;
        }
    }

    @Test
    void a_method_with_a_transaction_annotation_runs_in_a_transaction() {
        Jdbi withObjects = Jdbi.create(database().dataSource()).installPlugin(new SqlObjectPlugin());
        Event sent = withObjects.onDemand(Shop.class).order(this, "kept", false);
        assertThatThrownBy(() -> withObjects.onDemand(Shop.class).order(this, "never", true))
                .hasMessage("refused");

        assertThat(announced).containsExactly(sent);
        assertThat(read("orders")).containsExactly(sent);
    }

    @Test
    void a_transaction_that_jdbi_repeats_sends_once() {
        Jdbi retrying = Jdbi.create(database().dataSource());
        retrying.setTransactionHandler(new SerializableTransactionRunner());
        AtomicInteger attempts = new AtomicInteger();

        Event sent = retrying.inTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            Event event = send(handle, "orders", "attempt " + attempts.incrementAndGet());
            if (attempts.get() < 3) {
                throw new TransactionException(new SQLException("could not serialize access", "40001"));
            }
            return event;
        });

        assertThat(attempts).hasValue(3);
        assertThat(sent.id().sequence()).isEqualTo(1);
        assertThat(announced).containsExactly(sent);
        assertThat(read("orders")).containsExactly(sent);
    }

    // --- several channels

    @Test
    void of_two_transactions_that_send_in_opposite_orders_the_database_ends_one_which_can_be_retried()
            throws Exception {
        append("a", "there already");
        append("b", "there already");
        CyclicBarrier bothHaveSent = new CyclicBarrier(2);
        List<Integer> attempts = Together.run(2, thread -> {
            for (int attempt = 1; ; attempt++) {
                boolean first = attempt == 1;
                try {
                    jdbi().useTransaction(handle -> {
                        send(handle, thread == 0 ? "a" : "b", "first of " + thread);
                        if (first) {
                            bothHaveSent.await(30, TimeUnit.SECONDS);
                        }
                        send(handle, thread == 0 ? "b" : "a", "second of " + thread);
                    });
                    return attempt;
                } catch (EventStoreException e) {
                    assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED);
                    assertThat(e).hasMessageContaining("the database ended a transaction that was in conflict");
                    assertThat(attempt).isLessThan(10);
                }
            }
        });

        assertThat(attempts.get(0) + attempts.get(1)).isGreaterThan(2);
        assertThat(read("a"))
                .extracting(Event::data)
                .contains("first of 0", "second of 1")
                .hasSize(3);
        assertThat(read("b"))
                .extracting(Event::data)
                .contains("first of 1", "second of 0")
                .hasSize(3);
        assertThat(announced).hasSize(4);
    }

    @Test
    void a_transaction_that_creates_a_channel_locks_in_the_same_order_as_all_others() throws Exception {
        for (int round = 0; round < 10; round++) {
            append("a", "there already");
            String created = "c" + round;
            CountDownLatch first = new CountDownLatch(1);
            Together.run(2, thread -> {
                if (thread == 0) {
                    jdbi().useTransaction(handle -> {
                        send(handle, "a", "data");
                        first.countDown();
                        // long enough for the other to be at the database
                        IntStream.range(0, 20).forEach(i -> read("a"));
                        send(handle, created, "data");
                    });
                } else {
                    assertThat(first.await(1, TimeUnit.MINUTES)).isTrue();
                    jdbi().useTransaction(handle -> publisher()
                            .send(
                                    new JdbiStoreTransaction(handle),
                                    List.of(event("a", "data"), event(created, "data"))));
                }
                return thread;
            });

            assertThat(read(created)).hasSize(2);
        }
    }

    // --- a connection's transaction

    @Test
    void events_sent_in_a_connection_s_transaction_are_part_of_it_and_announced_on_request() throws SQLException {
        List<Event> sent = new ArrayList<>();
        try (Connection connection = database().connect()) {
            connection.setAutoCommit(false);
            sent.add(send(connection, "orders", "1"));
            sent.add(send(connection, "time", "noon"));
            sent.add(send(connection, "alerts", "2"));
            publisher().announceCommitted(sent.subList(0, 1));
            assertThat(announced).as("nothing has committed").isEmpty();
            connection.commit();
            assertThat(announced).as("no commit was reported").isEmpty();
            assertThat(connection.isClosed()).isFalse();
        }
        publisher().announceCommitted(sent);

        assertThat(announced).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(read("orders")).containsExactly(sent.get(0));
        assertThat(read("alerts")).containsExactly(sent.get(2));
    }

    @Test
    void events_that_a_connection_rolled_back_are_not_announced_even_if_reported_as_committed() throws SQLException {
        List<Event> sent = new ArrayList<>();
        try (Connection connection = database().connect()) {
            connection.setAutoCommit(false);
            sent.add(send(connection, "orders", "never"));
            sent.add(send(connection, "new", "never"));
            connection.rollback();
        }
        publisher().announceCommitted(sent);

        assertThat(announced).isEmpty();
        assertThat(append("orders", "next").id().sequence()).isEqualTo(1);
    }

    @Test
    void a_connection_with_auto_commit_is_refused() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> send(connection, "orders", "1"))
                    .withMessage("auto-commit is on for the connection, so it has no transaction to send within;"
                            + " call setAutoCommit(false) first, or send without a connection");
        }
        assertThat(read("orders")).isEmpty();
    }

    @Test
    void a_connection_that_is_closed_is_refused() throws SQLException {
        ConnectionTransaction transaction;
        try (Connection connection = database().connect()) {
            connection.setAutoCommit(false);
            transaction = new ConnectionTransaction(connection);
        }
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store().append(transaction, List.of(event("orders", "1"))))
                .withMessage("the connection is closed or broken, so nothing can be sent within its transaction")
                .withCauseInstanceOf(SQLException.class);
    }

    @Test
    void a_send_that_fails_leaves_the_connection_s_transaction_as_it_was() throws SQLException {
        NewEvent keyed = event("orders", "1").withIdempotencyKey("k");
        try (Connection connection = database().connect()) {
            connection.setAutoCommit(false);
            Event first = publisher()
                    .send(new ConnectionTransaction(connection), List.of(keyed))
                    .get(0);
            assertThatThrownBy(() -> publisher()
                            .send(new ConnectionTransaction(connection), List.of(event("orders", "x".repeat(1_001)))))
                    .isInstanceOf(IllegalArgumentException.class);
            Event again = publisher()
                    .send(new ConnectionTransaction(connection), List.of(keyed))
                    .get(0);
            connection.commit();

            assertThat(again).isEqualTo(first);
            assertThat(read("orders")).containsExactly(first);
        }
    }
}
