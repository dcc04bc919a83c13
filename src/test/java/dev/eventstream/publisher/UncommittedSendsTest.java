package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.memory.MemoryTransaction;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class UncommittedSendsTest {
    private final MemoryEventStore memory = new MemoryEventStore(Clock.systemUTC());
    private final AskedStore store = new AskedStore(memory);
    private final UncommittedSends sends = new UncommittedSends(store);

    private static final class AskedStore extends ForwardingEventStore {
        private int asked;
        private boolean broken;

        AskedStore(MemoryEventStore memory) {
            super(memory);
        }

        @Override
        public boolean isUncommitted(StoreTransaction transaction, Event event) {
            asked++;
            if (broken) {
                throw new EventStoreException("down");
            }
            return super.isUncommitted(transaction, event);
        }
    }

    private MemoryTransaction send(String channel) {
        MemoryTransaction transaction = memory.begin();
        send(transaction, channel);
        return transaction;
    }

    private void send(MemoryTransaction transaction, String channel) {
        sends.add(
                transaction,
                memory.append(transaction, List.of(NewEvent.text(channel, "message", "1")))
                        .events()
                        .get(0));
    }

    @Test
    void a_thread_that_has_sent_in_an_open_transaction_is_shown_the_right_call() {
        try (MemoryTransaction transaction = send("a")) {
            assertThat(transaction).isNotNull();
            assertThatIllegalStateException()
                    .isThrownBy(sends::requireNone)
                    .withMessage(
                            "this thread has sent events in a transaction that has not ended, among them one for"
                                    + " channel \"a\", and could now wait for its own lock; send within the transaction, by"
                                    + " eventStream.in(handle).send(…) or eventStream.in(connection).send(…), or after its end");
        }
    }

    @Test
    void after_the_commit_a_plain_send_is_allowed_and_the_store_is_not_asked() {
        try (MemoryTransaction transaction = send("a")) {
            send(transaction, "b");
            transaction.commit();
        }
        assertThatCode(sends::requireNone).doesNotThrowAnyException();
        assertThat(store.asked).isZero();
    }

    @Test
    void after_a_rollback_a_plain_send_is_allowed_and_the_store_is_asked_once() {
        send("a").close();
        for (int i = 0; i < 3; i++) {
            assertThatCode(sends::requireNone).doesNotThrowAnyException();
        }
        assertThat(store.asked).isEqualTo(1);
    }

    @Test
    void one_open_transaction_of_several_is_enough_to_refuse_a_send() {
        try (MemoryTransaction open = send("b")) {
            send("a").close();
            try (MemoryTransaction committed = send("c")) {
                committed.commit();
            }
            assertThatIllegalStateException().isThrownBy(sends::requireNone).withMessageContaining("\"b\"");
            open.commit();
        }
        assertThatCode(sends::requireNone).doesNotThrowAnyException();
    }

    @Test
    void another_thread_may_send_and_may_commit() throws InterruptedException {
        try (MemoryTransaction transaction = send("a")) {
            Thread other = new Thread(() -> {
                sends.requireNone();
                transaction.commit();
            });
            other.start();
            other.join(10_000);
            assertThatCode(sends::requireNone).doesNotThrowAnyException();
            assertThat(store.asked).isZero();
        }
    }

    @Test
    void a_send_is_allowed_if_the_store_cannot_tell() {
        try (MemoryTransaction transaction = send("a")) {
            assertThat(transaction).isNotNull();
            store.broken = true;
            assertThatCode(sends::requireNone).doesNotThrowAnyException();
        }
    }

    @Test
    void the_last_16_sends_of_a_thread_are_remembered() {
        try (MemoryTransaction forgotten = send("a")) {
            for (int i = 0; i < UncommittedSends.MAX_SENDS - 1; i++) {
                send("b").close();
            }
            assertThatIllegalStateException().isThrownBy(sends::requireNone).withMessageContaining("\"a\"");
            for (int i = 0; i < UncommittedSends.MAX_SENDS; i++) {
                send("b").close();
            }
            assertThatCode(sends::requireNone).doesNotThrowAnyException();
            assertThat(forgotten).isNotNull();
        }
    }
}
