package dev.eventstream.store.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Stopwatch;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link EventStore} must do. Each test begins with an empty store. */
public abstract class EventStoreContract {
    private static final int THREADS = 8;
    private static final PageLimit ALL = new PageLimit(100_000, Integer.MAX_VALUE);
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final ChannelName ALERTS = new ChannelName("alerts");

    protected final SettableClock clock = new SettableClock();

    /** The store under test; it reads {@link #clock}. */
    protected abstract EventStore store();

    /** Runs the work in an application's transaction, which commits unless the work throws. */
    protected abstract void inTransaction(Consumer<StoreTransaction> work);

    /** Like {@link #inTransaction}, if the store needs a certain kind of transaction to return positions within it. */
    protected void inSnapshot(Consumer<StoreTransaction> work) {
        inTransaction(work);
    }

    /** Whether the store overrides {@link EventStore#isUncommitted}, whose default is always false. */
    protected boolean tellsUncommitted() {
        return true;
    }

    /** Whether the store overrides {@link EventStore#startPositions}, whose default is always empty. */
    protected boolean tellsStarts() {
        return true;
    }

    // --- append

    @Test
    void events_are_numbered_from_one_without_gaps() {
        List<Event> first = store().append(List.of(event("orders", "a"), event("orders", "b")))
                .events();
        Event second = append("orders", "c");

        assertThat(first).extracting(event -> event.id().sequence()).containsExactly(1L, 2L);
        assertThat(second.id().sequence()).isEqualTo(3);
        assertThat(second.previous()).isEqualTo(first.get(1).id());
        assertThat(read("orders")).containsExactly(first.get(0), first.get(1), second);
    }

    @Test
    void stored_events_are_returned_in_the_order_given_whatever_their_channels() {
        List<Event> stored = store().append(List.of(event("orders", "a"), event("alerts", "b"), event("orders", "c")))
                .events();

        assertThat(stored).extracting(Event::data).containsExactly("a", "b", "c");
        assertThat(stored).extracting(Event::channel).containsExactly(ORDERS, ALERTS, ORDERS);
        assertThat(stored).extracting(event -> event.id().sequence()).containsExactly(1L, 1L, 2L);
        assertThat(read("orders")).containsExactly(stored.get(0), stored.get(2));
        assertThat(read("alerts")).containsExactly(stored.get(1));
    }

    @Test
    void a_channel_keeps_its_epoch_and_shares_it_with_no_other() {
        Set<String> epochs = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            String epoch = append("channel-" + i, "a").id().epoch();
            assertThat(append("channel-" + i, "b").id().epoch())
                    .isEqualTo(epoch)
                    .matches("[a-z0-9]{6}");
            epochs.add(epoch);
        }

        assertThat(epochs).hasSize(50);
    }

    @Test
    void appending_no_events_adds_nothing() {
        assertThat(store().append(List.of()).events()).isEmpty();
        inTransaction(transaction ->
                assertThat(store().append(transaction, List.of()).events()).isEmpty());
    }

    @Test
    void one_append_accepts_many_events_for_many_channels() {
        List<NewEvent> events = IntStream.range(0, 3_000)
                .mapToObj(i -> event("channel-" + i % 600, "data " + i).withIdempotencyKey("key " + i))
                .toList();

        List<Event> stored = store().append(events).events();

        assertThat(stored)
                .extracting(Event::data)
                .isEqualTo(events.stream().map(NewEvent::data).toList());
        assertThat(store().append(events).events()).isEqualTo(stored);
        assertThat(read("channel-599")).hasSize(5);
    }

    // --- the application's transaction

    @Test
    void an_event_of_a_transaction_can_be_read_after_the_commit_and_not_before() {
        AtomicReference<EventPage> before = new AtomicReference<>();
        List<Event> sent = new ArrayList<>();

        inTransaction(transaction -> {
            sent.addAll(
                    store().append(transaction, List.of(event("orders", "a"))).events());
            sent.addAll(
                    store().append(transaction, List.of(event("orders", "b"))).events());
            before.set(readElsewhere("orders"));
        });

        assertThat(before.get()).isEqualTo(new EventPage.Range(List.of(), false));
        assertThat(sent).extracting(event -> event.id().sequence()).containsExactly(1L, 2L);
        assertThat(read("orders")).isEqualTo(sent);
    }

    @Test
    void a_rollback_leaves_no_trace_and_the_next_event_gets_its_id() {
        Event first = append("orders", "first");

        assertThatThrownBy(() -> inTransaction(transaction -> {
                    store().append(transaction, List.of(event("orders", "lost"), event("new", "lost")));
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");

        Event next = append("orders", "next");
        assertThat(next.id().sequence()).isEqualTo(2);
        assertThat(read("orders")).containsExactly(first, next);
        assertThat(store().newest(List.of(new ChannelName("new")))).containsValue(EventId.NONE);
        assertThat(append("new", "a").id().sequence()).isEqualTo(1);
    }

    @Test
    void a_callback_runs_once_after_the_commit() {
        List<String> steps = new ArrayList<>();

        inTransaction(transaction -> {
            store().append(transaction, List.of(event("orders", "a")));
            transaction.afterCommit(
                    () -> steps.add("committed, with " + read("orders").size()));
            steps.add("sent");
        });
        append("orders", "b");

        assertThat(steps).containsExactly("sent", "committed, with 1");
    }

    @Test
    void a_callback_never_runs_after_a_rollback() {
        List<String> steps = new ArrayList<>();

        assertThatThrownBy(() -> inTransaction(transaction -> {
                    transaction.afterCommit(() -> steps.add("committed"));
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");
        inTransaction(transaction -> store().append(transaction, List.of(event("orders", "a"))));

        assertThat(steps).isEmpty();
    }

    @Test
    void a_transaction_that_has_ended_is_refused() {
        AtomicReference<StoreTransaction> ended = new AtomicReference<>();
        inTransaction(ended::set);

        assertThatIllegalStateException().isThrownBy(() -> store().append(ended.get(), List.of(event("orders", "a"))));
        assertThatIllegalStateException().isThrownBy(() -> ended.get().afterCommit(() -> {}));
    }

    @Test
    void an_event_is_uncommitted_until_its_transaction_commits() {
        Event before = append("orders", "before");
        AtomicReference<StoreTransaction> ended = new AtomicReference<>();
        AtomicReference<Event> sent = new AtomicReference<>();

        inTransaction(transaction -> {
            ended.set(transaction);
            sent.set(store().append(transaction, List.of(event("orders", "a")))
                    .events()
                    .get(0));
            assertThat(store().isUncommitted(transaction, sent.get())).isEqualTo(tellsUncommitted());
            assertThat(store().isUncommitted(transaction, before)).isFalse();
        });

        assertThat(store().isUncommitted(ended.get(), sent.get())).isFalse();
    }

    @Test
    void an_event_is_uncommitted_until_its_transaction_rolls_back() {
        AtomicReference<StoreTransaction> ended = new AtomicReference<>();
        AtomicReference<Event> sent = new AtomicReference<>();

        assertThatThrownBy(() -> inTransaction(transaction -> {
                    ended.set(transaction);
                    sent.set(store().append(transaction, List.of(event("new", "lost")))
                            .events()
                            .get(0));
                    assertThat(store().isUncommitted(transaction, sent.get())).isEqualTo(tellsUncommitted());
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");

        assertThat(store().isUncommitted(ended.get(), sent.get())).isFalse();
    }

    @Test
    void an_event_of_one_transaction_is_not_an_uncommitted_event_of_another() {
        append("orders", "before");

        inTransaction(transaction -> {
            Event sent = store().append(transaction, List.of(event("orders", "a")))
                    .events()
                    .get(0);
            assertThat(elsewhere(() -> {
                        AtomicBoolean isUncommitted = new AtomicBoolean(true);
                        inTransaction(other -> isUncommitted.set(store().isUncommitted(other, sent)));
                        return isUncommitted.get();
                    }))
                    .isFalse();
        });
    }

    @Test
    void a_transaction_sees_the_newest_positions_with_its_own_events_and_without_those_of_others() {
        EventId before = append("orders", "before").id();

        inSnapshot(transaction -> {
            assertThat(endsIn(transaction, ORDERS, ALERTS)).isEqualTo(Map.of(ORDERS, before, ALERTS, EventId.NONE));
            Event own = store().append(transaction, List.of(event("orders", "own")))
                    .events()
                    .get(0);
            assertThat(endsIn(transaction, ORDERS)).isEqualTo(Map.of(ORDERS, own.id()));
            assertThat(elsewhere(() -> {
                        AtomicReference<Map<ChannelName, EventId>> seen = new AtomicReference<>();
                        inSnapshot(other -> seen.set(endsIn(other, ORDERS)));
                        return seen.get();
                    }))
                    .isEqualTo(Map.of(ORDERS, before));
        });
    }

    @Test
    void a_transaction_that_finishes_a_channel_sees_it_finished() {
        inSnapshot(transaction -> {
            store().append(transaction, List.of(event("orders", "last"), NewEvent.end(ORDERS)));

            assertThat(store().ends(transaction, List.of(ORDERS)).values())
                    .extracting(LogEnd::isFinished)
                    .containsExactly(true);
        });
    }

    private Map<ChannelName, EventId> endsIn(StoreTransaction transaction, ChannelName... channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        store().ends(transaction, List.of(channels)).forEach((channel, end) -> newest.put(channel, end.newest()));
        return newest;
    }

    @Test
    void a_transaction_that_has_ended_has_no_positions() {
        AtomicReference<StoreTransaction> ended = new AtomicReference<>();
        inSnapshot(ended::set);

        assertThatIllegalStateException().isThrownBy(() -> endsIn(ended.get(), ORDERS));
    }

    @Test
    void another_kind_of_transaction_is_refused() {
        StoreTransaction foreign = callback -> {};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> endsIn(foreign, ORDERS))
                .withMessageContaining(foreign.getClass().getName());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().append(foreign, List.of(event("orders", "a"))))
                .withMessageContaining(foreign.getClass().getName());
    }

    // --- many senders

    @Test
    void concurrent_senders_leave_no_gap_although_some_roll_back() throws Exception {
        int sends = 60;
        List<List<Event>> committed = Together.run(THREADS, thread -> {
            List<Event> mine = new ArrayList<>();
            for (int i = 0; i < sends; i++) {
                send(thread + "/" + i, i % 4, mine);
            }
            return mine;
        });
        committed.get(0).add(append("orders", "the last"));

        List<Event> log = read("orders");
        assertThat(log)
                .extracting(event -> event.id().sequence())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, log.size()).boxed().toList());
        assertThat(log)
                .containsExactlyInAnyOrderElementsOf(
                        committed.stream().flatMap(List::stream).toList());
        assertThat(committed)
                .allSatisfy(mine -> assertThat(mine)
                        .isSortedAccordingTo(java.util.Comparator.comparing(
                                event -> event.id().sequence())));
    }

    private void send(String data, int way, List<Event> committed) {
        if (way == 0) {
            committed.add(append("orders", data));
        } else if (way == 1) {
            committed.addAll(store().append(List.of(event("orders", data + "a"), event("orders", data + "b")))
                    .events());
        } else if (way == 2) {
            AtomicReference<List<Event>> sent = new AtomicReference<>(List.of());
            inTransaction(transaction -> sent.set(
                    store().append(transaction, List.of(event("orders", data))).events()));
            committed.addAll(sent.get());
        } else {
            assertThatThrownBy(() -> inTransaction(transaction -> {
                        store().append(transaction, List.of(event("orders", "rolled back")));
                        throw new IllegalArgumentException("the application failed");
                    }))
                    .hasMessage("the application failed");
        }
    }

    @Test
    void a_reader_sees_each_event_as_soon_as_its_successor() throws Exception {
        int sends = 100;
        AtomicInteger senders = new AtomicInteger(THREADS - 1);
        Together.run(THREADS, thread -> {
            if (thread == 0) {
                follow("orders", () -> senders.get() == 0, position -> {
                    throw new AssertionError("nothing was trimmed, yet " + position + " is lost");
                });
            } else {
                for (int i = 0; i < sends; i++) {
                    append("orders", "data");
                }
                senders.decrementAndGet();
            }
            return thread;
        });

        assertThat(read("orders")).hasSize((THREADS - 1) * sends);
    }

    @Test
    void a_position_that_one_reader_got_is_valid_for_all_readers() throws Exception {
        AtomicReference<EventId> seen =
                new AtomicReference<>(append("orders", "first").id());
        AtomicBoolean sending = new AtomicBoolean(true);
        Together.run(4, thread -> {
            if (thread == 0) {
                for (int i = 0; i < 300; i++) {
                    append("orders", "data");
                }
                sending.set(false);
            }
            while (sending.get()) {
                EventId position = seen.get();
                assertThat(store().readAfter(ORDERS, position, ALL)).isInstanceOf(EventPage.Range.class);
                seen.set(store().newest(List.of(ORDERS)).values().iterator().next());
            }
            return thread;
        });
    }

    @Test
    void a_channel_that_several_senders_create_at_once_has_one_log() throws Exception {
        for (int round = 0; round < 10; round++) {
            String channel = "new-" + round;
            List<Event> sent = Together.run(THREADS, thread -> {
                AtomicReference<Event> mine = new AtomicReference<>();
                if (thread % 2 == 0) {
                    mine.set(append(channel, "data"));
                } else {
                    inTransaction(transaction -> mine.set(store().append(transaction, List.of(event(channel, "data")))
                            .events()
                            .get(0)));
                }
                return mine.get();
            });

            assertThat(sent)
                    .extracting(event -> event.id().epoch())
                    .containsOnly(sent.get(0).id().epoch());
            assertThat(read(channel)).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void senders_that_wait_for_the_first_sender_of_a_channel_continue_when_it_rolls_back() throws Exception {
        for (int round = 0; round < 20; round++) {
            String channel = "rolled back " + round;
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch others = new CountDownLatch(THREADS - 1);
            Together.run(THREADS, thread -> {
                if (thread == 0) {
                    rollBackFirstSend(channel, sent, others);
                } else {
                    assertThat(sent.await(1, TimeUnit.MINUTES)).isTrue();
                    inTransaction(transaction -> {
                        others.countDown();
                        store().append(transaction, List.of(event(channel, "data")));
                    });
                }
                return thread;
            });

            assertThat(read(channel))
                    .extracting(event -> event.id().sequence())
                    .containsExactlyElementsOf(
                            LongStream.range(1, THREADS).boxed().toList());
        }
    }

    private void rollBackFirstSend(String channel, CountDownLatch sent, CountDownLatch others) {
        assertThatThrownBy(() -> inTransaction(transaction -> {
                    store().append(transaction, List.of(event(channel, "rolled back")));
                    sent.countDown();
                    assertThat(Uninterruptibles.awaitUninterruptibly(others, Duration.ofMinutes(1)))
                            .isTrue();
                    // long enough for most of them to be at the database
                    IntStream.range(0, 20).forEach(i -> read(channel));
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");
    }

    @Test
    void senders_to_the_same_channels_in_opposite_orders_do_not_deadlock() throws Exception {
        int sends = 40;
        List<String> channels = List.of("a", "b", "c", "d");
        Together.run(THREADS, thread -> {
            for (int i = 0; i < sends; i++) {
                List<String> order = new ArrayList<>(channels);
                Collections.rotate(order, thread);
                if (thread % 2 == 0) {
                    Collections.reverse(order);
                }
                List<NewEvent> events =
                        order.stream().map(channel -> event(channel, "data")).toList();
                if (i % 2 == 0) {
                    store().append(events);
                } else {
                    inTransaction(transaction -> store().append(transaction, events));
                }
            }
            return thread;
        });

        assertThat(channels).allSatisfy(channel -> assertThat(read(channel)).hasSize(THREADS * sends));
    }

    // --- locked channels

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void an_append_gives_up_on_a_locked_channel_in_time_and_names_it_and_stores_nothing() throws Exception {
        append("orders", "1");
        append("alerts", "1");
        List<NewEvent> events = List.of(event("orders", "2"), event("alerts", "2"), event("new", "2"));
        inTransaction(transaction -> {
            store().append(transaction, List.of(event("alerts", "of the transaction")));

            assertThat(lockedFor(events, SHORT)).containsExactly(ALERTS);
        });

        assertThat(read("orders")).hasSize(1);
        assertThat(read("alerts")).extracting(Event::data).containsExactly("1", "of the transaction");
        assertThat(read("new")).isEmpty();
        assertThat(store().append(events, SHORT).added()).hasSize(3);
    }

    @Test
    void all_locked_channels_are_named_and_take_little_more_time_than_one() {
        List<NewEvent> events = IntStream.range(0, 20)
                .mapToObj(i -> event("channel-" + i, "data"))
                .toList();
        store().append(events);
        inTransaction(transaction -> {
            store().append(transaction, events.subList(3, 13));

            assertThat(lockedFor(events, SHORT))
                    .containsExactlyInAnyOrderElementsOf(events.subList(3, 13).stream()
                            .map(NewEvent::channel)
                            .toList());
        });
    }

    @Test
    void a_channel_that_another_transaction_creates_is_locked() {
        append("orders", "1");
        inTransaction(transaction -> {
            store().append(transaction, List.of(event("new", "of the transaction")));

            assertThat(lockedFor(List.of(event("orders", "2"), event("new", "2")), SHORT))
                    .containsExactly(new ChannelName("new"));
        });

        assertThat(read("orders")).hasSize(1);
        assertThat(append("new", "2").id().sequence()).isEqualTo(2);
    }

    @Test
    void a_channel_in_which_another_transaction_uses_the_same_key_is_locked() {
        append("orders", "1");
        NewEvent keyed = event("orders", "keyed").withIdempotencyKey("k");
        inTransaction(transaction -> {
            store().append(transaction, List.of(keyed));

            assertThat(lockedFor(List.of(keyed), SHORT)).containsExactly(ORDERS);
        });

        assertThat(store().append(List.of(keyed), SHORT).added()).isEmpty();
    }

    @Test
    void an_append_that_may_not_wait_gives_up_at_once() {
        append("orders", "1");
        inTransaction(transaction -> {
            store().append(transaction, List.of(event("orders", "of the transaction")));

            assertThat(lockedFor(List.of(event("orders", "2")), Duration.ZERO)).containsExactly(ORDERS);
        });
    }

    @Test
    void an_append_waits_for_a_channel_that_becomes_free_in_time() throws Exception {
        append("orders", "1");
        CountDownLatch locked = new CountDownLatch(1);
        Together.run(2, thread -> {
            if (thread == 0) {
                inTransaction(transaction -> {
                    store().append(transaction, List.of(event("orders", "2")));
                    locked.countDown();
                    Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(300));
                });
            } else {
                assertThat(locked.await(1, TimeUnit.MINUTES)).isTrue();
                store().append(List.of(event("orders", "3")), LONG);
            }
            return thread;
        });

        assertThat(read("orders")).extracting(Event::data).containsExactly("1", "2", "3");
    }

    @Test
    void the_limit_of_one_append_does_not_shorten_the_lock_waits_of_transactions() throws Exception {
        append("orders", "1");
        CountDownLatch locked = new CountDownLatch(1);
        Together.run(2, thread -> {
            if (thread == 0) {
                inTransaction(transaction -> {
                    store().append(transaction, List.of(event("orders", "2")));
                    // more than there are connections
                    for (int i = 0; i < 30; i++) {
                        assertThat(lockedFor(List.of(event("orders", "never")), Duration.ofMillis(5)))
                                .containsExactly(ORDERS);
                    }
                    locked.countDown();
                    Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(300));
                });
            } else {
                assertThat(locked.await(1, TimeUnit.MINUTES)).isTrue();
                inTransaction(transaction -> store().append(transaction, List.of(event("orders", "3"))));
            }
            return thread;
        });

        assertThat(read("orders")).extracting(Event::data).containsExactly("1", "2", "3");
    }

    /** Appends on another thread than that of the transaction, and fails unless the append gives up in time. */
    private List<ChannelName> lockedFor(List<NewEvent> events, Duration maxLockWait) {
        try {
            return Together.run(1, thread -> {
                        Stopwatch waited = Stopwatch.createStarted();
                        ChannelLockedException refused = catchThrowableOfType(
                                ChannelLockedException.class, () -> store().append(events, maxLockWait));
                        assertThat(refused).isNotNull();
                        assertThat(refused.outcome()).isEqualTo(Outcome.NOT_STORED);
                        assertThat(waited.elapsed())
                                .isBetween(
                                        maxLockWait.dividedBy(2L * events.size()),
                                        maxLockWait.plus(Duration.ofSeconds(5)));
                        return refused.channels();
                    })
                    .get(0);
        } catch (Exception e) {
            throw new AssertionError("the append did not give up", e);
        }
    }

    // --- idempotency keys

    @Test
    void an_event_sent_again_under_its_key_is_not_stored_again() {
        Event first = store().append(
                        List.of(event("orders", "first").skippingUser("eve").withIdempotencyKey("k")))
                .events()
                .get(0);
        List<Event> again = store().append(List.of(
                        event("orders", "before"),
                        event("orders", "again").withIdempotencyKey("k"),
                        event("orders", "after")))
                .events();

        assertThat(again.get(1)).isEqualTo(first);
        assertThat(again).extracting(event -> event.id().sequence()).containsExactly(2L, 1L, 3L);
        assertThat(read("orders")).containsExactly(first, again.get(0), again.get(2));
        assertThat(append("orders", "next").id().sequence()).isEqualTo(4);
    }

    @Test
    void a_key_used_twice_in_one_append_stores_one_event() {
        List<Event> stored = store().append(List.of(
                        event("orders", "first").withIdempotencyKey("k"),
                        event("orders", "second").withIdempotencyKey("k"),
                        event("orders", "third").withIdempotencyKey("K")))
                .events();

        assertThat(stored).extracting(Event::data).containsExactly("first", "first", "third");
        assertThat(stored).extracting(event -> event.id().sequence()).containsExactly(1L, 1L, 2L);
        assertThat(read("orders")).containsExactly(stored.get(0), stored.get(2));
    }

    @Test
    void repeats_alone_store_nothing() {
        List<NewEvent> keyed = List.of(event("orders", "a").withIdempotencyKey("k"));
        List<Event> first = store().append(keyed).events();

        assertThat(store().append(keyed).events()).isEqualTo(first);
        inTransaction(transaction ->
                assertThat(store().append(transaction, keyed).events()).isEqualTo(first));
        assertThat(append("orders", "b").id().sequence()).isEqualTo(2);
    }

    @Test
    void a_key_applies_only_to_its_channel() {
        List<Event> stored = store().append(List.of(
                        event("orders", "a").withIdempotencyKey("k"),
                        event("alerts", "b").withIdempotencyKey("k")))
                .events();

        assertThat(stored).extracting(Event::data).containsExactly("a", "b");
        assertThat(read("alerts")).hasSize(1);
    }

    @Test
    void keys_differ_by_case_accents_and_trailing_spaces() {
        List<String> keys = List.of("key", "Key", "kéy", "key ", "ke\u0301y", "😀", "😁");
        List<Event> stored = store().append(keys.stream()
                        .map(key -> event("orders", key).withIdempotencyKey(key))
                        .toList())
                .events();

        assertThat(stored).extracting(Event::data).isEqualTo(keys);
    }

    @Test
    void a_key_of_a_transaction_that_rolled_back_is_free() {
        assertThatThrownBy(() -> inTransaction(transaction -> {
                    store().append(transaction, List.of(event("orders", "lost").withIdempotencyKey("k")));
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");

        assertThat(store().append(List.of(event("orders", "kept").withIdempotencyKey("k")))
                        .events())
                .extracting(Event::data)
                .containsExactly("kept");
    }

    @Test
    void a_key_is_known_within_its_own_transaction() {
        NewEvent keyed = event("orders", "a").withIdempotencyKey("k");

        inTransaction(transaction -> {
            List<Event> first = store().append(transaction, List.of(keyed)).events();
            assertThat(store().append(transaction, List.of(keyed)).events()).isEqualTo(first);
        });

        assertThat(read("orders")).hasSize(1);
    }

    @Test
    void concurrent_senders_of_the_same_keys_store_each_event_once_and_get_the_same_ids() throws Exception {
        int keys = 40;
        List<List<Event>> sent = Together.run(THREADS, thread -> {
            List<Event> mine = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                List<NewEvent> one = List.of(event("orders", "from " + thread).withIdempotencyKey("key " + i));
                if (thread % 2 == 0) {
                    mine.addAll(store().append(one).events());
                } else {
                    inTransaction(transaction ->
                            mine.addAll(store().append(transaction, one).events()));
                }
            }
            return mine;
        });

        assertThat(sent).allSatisfy(mine -> assertThat(mine).isEqualTo(sent.get(0)));
        assertThat(read("orders"))
                .containsExactlyInAnyOrderElementsOf(sent.get(0))
                .hasSize(keys);
    }

    // --- read after a position

    @Test
    void a_channel_that_was_never_sent_to_is_empty_from_the_beginning() {
        assertThat(store().readAfter(ORDERS, EventId.NONE, ALL)).isEqualTo(new EventPage.Range(List.of(), false));
    }

    @Test
    void nothing_follows_the_newest_event() {
        Event newest = append("orders", "a");

        assertThat(store().readAfter(ORDERS, newest.id(), ALL)).isEqualTo(new EventPage.Range(List.of(), false));
    }

    @Test
    void pages_follow_one_another_to_the_end() {
        List<Event> sent = appendMany("orders", 7);
        PageLimit three = new PageLimit(3, Integer.MAX_VALUE);

        assertThat(store().readAfter(ORDERS, EventId.NONE, three))
                .isEqualTo(new EventPage.Range(sent.subList(0, 3), true));
        assertThat(store().readAfter(ORDERS, sent.get(2).id(), three))
                .isEqualTo(new EventPage.Range(sent.subList(3, 6), true));
        assertThat(store().readAfter(ORDERS, sent.get(5).id(), three))
                .isEqualTo(new EventPage.Range(sent.subList(6, 7), false));
        assertThat(store().readAfter(ORDERS, sent.get(3).id(), three))
                .isEqualTo(new EventPage.Range(sent.subList(4, 7), false));
    }

    @Test
    void a_long_page_is_complete() {
        List<Event> sent = appendMany("orders", 333);

        assertThat(store().readAfter(ORDERS, sent.get(10).id(), new PageLimit(300, Integer.MAX_VALUE)))
                .isEqualTo(new EventPage.Range(sent.subList(11, 311), true));
    }

    @Test
    void a_page_ends_with_the_event_that_reaches_the_limit_of_characters() {
        List<Event> sent = store().append(Stream.of("12345", "1234", "1", "12345", "")
                        .map(data -> event("orders", data))
                        .toList())
                .events();

        assertThat(readAtMost(9)).isEqualTo(new EventPage.Range(sent.subList(0, 2), true));
        assertThat(readAtMost(10)).isEqualTo(new EventPage.Range(sent.subList(0, 3), true));
        assertThat(readAtMost(11)).isEqualTo(new EventPage.Range(sent.subList(0, 4), true));
        assertThat(readAtMost(15)).isEqualTo(new EventPage.Range(sent.subList(0, 4), true));
        assertThat(readAtMost(16)).isEqualTo(new EventPage.Range(sent, false));
        assertThat(readAtMost(1)).isEqualTo(new EventPage.Range(sent.subList(0, 1), true));
    }

    private EventPage readAtMost(int characters) {
        return store().readAfter(ORDERS, EventId.NONE, new PageLimit(100, characters));
    }

    @Test
    void a_position_of_another_log_is_unavailable() {
        Event newest = append("orders", "a");
        String epoch = newest.id().epoch().equals("aaaaaa") ? "bbbbbb" : "aaaaaa";

        assertThat(store().readAfter(ORDERS, new EventId(epoch, 1), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(newest.id()));
        assertThat(store().readAfter(ORDERS, new EventId("x", 1), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(newest.id()));
    }

    @Test
    void a_position_of_another_channel_is_unavailable() {
        Event newest = append("orders", "a");
        Event other = append("alerts", "a");

        assertThat(store().readAfter(ORDERS, other.id(), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(newest.id()));
    }

    @Test
    void a_position_beyond_the_newest_event_is_unavailable() {
        Event newest = append("orders", "a");
        String epoch = newest.id().epoch();

        assertThat(store().readAfter(ORDERS, new EventId(epoch, 2), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(newest.id()));
        assertThat(store().readAfter(ORDERS, new EventId(epoch, EventId.MAX_SEQUENCE), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(newest.id()));
    }

    @Test
    void a_position_in_a_channel_without_a_log_is_unavailable() {
        assertThat(store().readAfter(ORDERS, new EventId("k3f9x2", 1), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(EventId.NONE));
    }

    // --- newest

    @Test
    void newest_includes_every_requested_channel() {
        Event newest = appendMany("orders", 3).get(2);

        assertThat(store().newest(List.of(ORDERS, ALERTS, ORDERS)))
                .isEqualTo(Map.of(ORDERS, newest.id(), ALERTS, EventId.NONE));
        assertThat(store().newest(List.of())).isEmpty();
    }

    @Test
    void newest_accepts_any_number_of_channels() {
        List<Event> sent = store().append(IntStream.range(0, 1_200)
                        .mapToObj(i -> event("channel-" + i, "a"))
                        .toList())
                .events();

        assertThat(store().newest(sent.stream().map(Event::channel).toList()))
                .isEqualTo(sent.stream().collect(Collectors.toMap(Event::channel, Event::id)));
    }

    // --- where a new reader starts

    @Test
    void a_new_reader_starts_before_the_newest_events() {
        List<Event> sent = appendMany("orders", 5);

        assertStart(StartLimit.NOW, sent.get(4).id());
        assertStart(StartLimit.newest(1), sent.get(3).id());
        assertStart(StartLimit.newest(4), sent.get(0).id());
        assertStart(StartLimit.newest(5), EventId.NONE);
        assertStart(StartLimit.newest(6), EventId.NONE);
        assertStart(StartLimit.ALL, EventId.NONE);
    }

    @Test
    void a_new_reader_starts_before_the_first_event_that_was_sent_at_a_time() {
        append("orders", "early");
        Event before = append("orders", "before");
        clock.advance(Duration.ofMillis(10));
        Instant time = clock.instant();
        append("orders", "at that time");
        clock.advance(Duration.ofMillis(10));
        Event newest = append("orders", "later");

        assertStart(StartLimit.since(time), before.id());
        assertStart(StartLimit.since(time.minusMillis(9)), before.id());
        assertStart(StartLimit.since(time.minusMillis(10)), EventId.NONE);
        assertStart(StartLimit.since(clock.instant().plusMillis(1)), newest.id());
        assertStart(StartLimit.since(Instant.MAX), newest.id());
        assertStart(StartLimit.since(Instant.MIN), EventId.NONE);
        assertStart(StartLimit.since(Instant.EPOCH), EventId.NONE);
    }

    @Test
    void the_stricter_of_time_and_number_decides_where_a_new_reader_starts() {
        append("orders", "early");
        clock.advance(Duration.ofSeconds(1));
        Instant time = clock.instant();
        List<Event> late = appendMany("orders", 3);

        assertStart(new StartLimit(time, 2), late.get(0).id());
        assertStart(new StartLimit(time, 3), late.get(0).previous());
        assertStart(new StartLimit(time, 4), late.get(0).previous());
        assertStart(new StartLimit(time, 0), late.get(2).id());
    }

    @Test
    void a_new_reader_starts_after_the_events_that_were_trimmed() {
        List<Event> sent = appendMany("orders", 5);
        store().trim(ORDERS, TrimLimit.newest(2), 100);

        assertStart(StartLimit.ALL, sent.get(2).id());
        assertStart(StartLimit.newest(3), sent.get(2).id());
        assertStart(StartLimit.newest(1), sent.get(3).id());
        assertStart(StartLimit.since(clock.instant()), sent.get(2).id());
        assertThat(readAll(sent.get(2).id(), "orders")).isEqualTo(sent.subList(3, 5));
        store().trim(ORDERS, TrimLimit.newest(0), 100);
        assertStart(StartLimit.ALL, sent.get(4).id());
        assertStart(StartLimit.since(clock.instant()), sent.get(4).id());
    }

    @Test
    void each_channel_has_its_own_start() {
        List<Event> orders = appendMany("orders", 3);
        clock.advance(Duration.ofSeconds(1));
        Instant time = clock.instant();
        appendMany("alerts", 2);
        ChannelName unborn = new ChannelName("unborn");

        assertStarts(StartLimit.newest(1), Map.of(ORDERS, orders.get(1).id(), unborn, EventId.NONE));
        assertStarts(
                StartLimit.since(time), Map.of(ORDERS, orders.get(2).id(), ALERTS, EventId.NONE, unborn, EventId.NONE));
        assertStarts(StartLimit.ALL, Map.of());
    }

    @Test
    void a_new_reader_does_not_start_at_an_event_of_an_open_transaction() {
        Event committed = append("orders", "committed");

        inTransaction(transaction -> {
            store().append(transaction, List.of(event("orders", "a"), event("new", "a")));
            elsewhere(() -> {
                assertStarts(StartLimit.NOW, Map.of(ORDERS, committed.id(), new ChannelName("new"), EventId.NONE));
                assertStart(new StartLimit(clock.instant(), 1), EventId.NONE);
                return committed;
            });
        });
    }

    @Test
    void a_new_reader_gets_a_contiguous_run_even_if_a_clock_was_wrong() {
        Event early = append("orders", "early");
        clock.advance(Duration.ofHours(5));
        append("orders", "stamped by a clock that is hours ahead");
        clock.advance(Duration.ofHours(-4));
        Event newest = append("orders", "stamped by a correct clock");

        assertStart(StartLimit.since(clock.instant().plusMillis(1)), newest.id());
        assertStart(StartLimit.since(clock.instant()), early.id());
    }

    private void assertStart(StartLimit limit, EventId expected) {
        assertStarts(limit, Map.of(ORDERS, expected));
    }

    @Test
    void the_end_of_a_finished_channel_is_not_counted_among_its_newest_events() {
        List<Event> events = appendMany("orders", 3);
        store().append(List.of(NewEvent.end(ORDERS)));

        assertStart(StartLimit.newest(1), events.get(1).id());
        assertStart(StartLimit.ALL, EventId.NONE);
    }

    private void assertStarts(StartLimit limit, Map<ChannelName, EventId> expected) {
        assertThat(store().startPositions(expected.keySet(), limit))
                .isEqualTo(tellsStarts() ? Optional.of(expected) : Optional.empty());
    }

    // --- trim

    @Test
    void trim_removes_events_sent_before_the_time_and_no_others() {
        List<Event> old = appendMany("orders", 3);
        Event oldAlert = append("alerts", "old");
        clock.advance(Duration.ofMillis(1));
        Instant before = clock.instant();
        List<Event> kept = appendMany("orders", 2);

        assertThat(store().trim(before, 100)).isEqualTo(4);

        EventPage lost = new EventPage.PositionUnavailable(kept.get(1).id());
        assertThat(store().readAfter(ORDERS, EventId.NONE, ALL)).isEqualTo(lost);
        assertThat(store().readAfter(ORDERS, old.get(0).id(), ALL)).isEqualTo(lost);
        assertThat(store().readAfter(ORDERS, old.get(1).id(), ALL)).isEqualTo(lost);
        assertThat(store().readAfter(ORDERS, old.get(2).id(), ALL)).isEqualTo(new EventPage.Range(kept, false));
        assertThat(store().readAfter(ALERTS, EventId.NONE, ALL))
                .isEqualTo(new EventPage.PositionUnavailable(oldAlert.id()));
        assertThat(store().trim(before, 100)).isZero();
    }

    @Test
    void the_newest_position_of_a_quiet_channel_stays_available_after_everything_was_trimmed() {
        Event newest = appendMany("orders", 3).get(2);
        clock.advance(Duration.ofDays(2));

        assertThat(store().trim(clock.instant(), 100)).isEqualTo(3);

        assertThat(store().readAfter(ORDERS, newest.id(), ALL)).isEqualTo(new EventPage.Range(List.of(), false));
        assertThat(store().newest(List.of(ORDERS))).containsEntry(ORDERS, newest.id());
        Event next = append("orders", "next");
        assertThat(next.previous()).isEqualTo(newest.id());
        assertThat(store().readAfter(ORDERS, newest.id(), ALL)).isEqualTo(new EventPage.Range(List.of(next), false));
    }

    @Test
    void trim_removes_the_oldest_events_first_up_to_its_batch() {
        List<Event> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.add(append(i % 2 == 0 ? "orders" : "alerts", "data " + i));
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(store().trim(clock.instant(), 5)).isEqualTo(5);

        assertThat(readAll(sent.get(4).id(), "orders")).containsExactly(sent.get(6), sent.get(8));
        assertThat(readAll(sent.get(3).id(), "alerts")).containsExactly(sent.get(5), sent.get(7), sent.get(9));
        assertThat(store().readAfter(ORDERS, sent.get(2).id(), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(sent.get(8).id()));
        assertThat(store().trim(clock.instant(), 4)).isEqualTo(4);
        assertThat(store().trim(clock.instant(), 4)).isEqualTo(1);
        assertThat(store().trim(clock.instant(), 4)).isZero();
    }

    @Test
    void an_event_stamped_by_a_slow_clock_is_not_trimmed_before_earlier_events() {
        Event fast = append("orders", "by a clock that is fast");
        clock.advance(Duration.ofMinutes(-10));
        Event slow = append("orders", "by a clock that is slow");
        clock.advance(Duration.ofMinutes(5));

        assertThat(store().trim(clock.instant(), 100)).isZero();
        assertThat(read("orders")).containsExactly(fast, slow);
        clock.advance(Duration.ofMinutes(6));
        assertThat(store().trim(clock.instant(), 1)).isEqualTo(1);
        assertThat(store().readAfter(ORDERS, fast.id(), ALL)).isEqualTo(new EventPage.Range(List.of(slow), false));
    }

    @Test
    void a_clock_that_was_years_ahead_once_does_not_keep_later_events_for_years() {
        clock.advance(Duration.ofDays(3_650));
        append("orders", "from the future");
        clock.advance(Duration.ofDays(-3_650));
        append("orders", "now");
        clock.advance(Duration.ofDays(1));
        Event next = append("orders", "a day later");

        store().trim(clock.instant(), 100);

        assertThat(store().readAfter(ORDERS, EventId.NONE, ALL))
                .isEqualTo(new EventPage.PositionUnavailable(next.id()));
        assertThat(readAll(next.previous(), "orders")).containsExactly(next);
        assertThat(append("orders", "goes on").previous()).isEqualTo(next.id());
    }

    @Test
    void a_key_is_free_once_its_event_is_trimmed() {
        append("orders", "quiet");
        store().append(List.of(event("orders", "first").withIdempotencyKey("k")));
        clock.advance(Duration.ofDays(2));
        store().trim(clock.instant(), 100);

        assertThat(store().append(List.of(event("orders", "again").withIdempotencyKey("k")))
                        .events())
                .extracting(Event::data)
                .containsExactly("again");
    }

    @Test
    void a_trim_of_no_events_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().trim(clock.instant(), 0))
                .withMessage("a trim of 0 events; allowed is 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().trim(ORDERS, TrimLimit.newest(0), 0))
                .withMessage("a trim of 0 events; allowed is 1 or more");
    }

    @Test
    void only_the_given_channel_is_trimmed_to_its_newest_events() {
        List<Event> sent = appendMany("orders", 10);
        Event alert = append("alerts", "a");

        assertThat(store().trim(ORDERS, TrimLimit.newest(10), 100)).isZero();
        assertThat(store().trim(ORDERS, TrimLimit.newest(3), 5)).isEqualTo(5);
        assertThat(readAll(sent.get(4).id(), "orders")).isEqualTo(sent.subList(5, 10));
        assertThat(store().trim(ORDERS, TrimLimit.newest(3), 5)).isEqualTo(2);
        assertThat(store().trim(ORDERS, TrimLimit.newest(3), 5)).isZero();

        assertThat(readAll(sent.get(6).id(), "orders")).isEqualTo(sent.subList(7, 10));
        assertThat(store().readAfter(ORDERS, sent.get(5).id(), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(sent.get(9).id()));
        assertThat(read("alerts")).containsExactly(alert);
    }

    @Test
    void a_channel_without_events_continues_its_sequence() {
        Event newest = appendMany("orders", 3).get(2);

        assertThat(store().trim(ORDERS, TrimLimit.newest(0), 100)).isEqualTo(3);

        assertThat(store().readAfter(ORDERS, newest.id(), ALL)).isEqualTo(new EventPage.Range(List.of(), false));
        assertThat(append("orders", "next").previous()).isEqualTo(newest.id());
    }

    @Test
    void only_the_given_channel_is_trimmed_by_age() {
        List<Event> old = appendMany("orders", 7);
        Event oldAlert = append("alerts", "old");
        clock.advance(Duration.ofSeconds(1));
        List<Event> young = appendMany("orders", 2);

        assertThat(store().trim(ORDERS, TrimLimit.since(clock.instant().minusSeconds(1)), 100))
                .isZero();
        assertThat(store().trim(ORDERS, TrimLimit.since(clock.instant()), 5)).isEqualTo(5);
        assertThat(store().trim(ORDERS, TrimLimit.since(clock.instant()), 5)).isEqualTo(2);
        assertThat(store().trim(ORDERS, TrimLimit.since(clock.instant()), 5)).isZero();

        assertThat(store().readAfter(ORDERS, old.get(6).id(), ALL)).isEqualTo(new EventPage.Range(young, false));
        assertThat(store().readAfter(ORDERS, old.get(5).id(), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(young.get(1).id()));
        assertThat(read("alerts")).containsExactly(oldAlert);
    }

    @Test
    void the_stricter_of_age_and_number_applies() {
        List<Event> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sent.add(append("orders", "data"));
            clock.advance(Duration.ofSeconds(1));
        }
        Instant third = clock.instant().minusSeconds(4);

        assertThat(store().trim(ORDERS, new TrimLimit(third, 5), 100)).isEqualTo(2);
        assertThat(store().trim(ORDERS, new TrimLimit(third, 3), 100)).isEqualTo(1);
        assertThat(readAll(sent.get(2).id(), "orders")).isEqualTo(sent.subList(3, 6));
    }

    @Test
    void a_channel_without_a_log_has_nothing_to_trim() {
        assertThat(store().trim(ORDERS, TrimLimit.newest(0), 100)).isZero();
        assertThat(store().trim(ORDERS, TrimLimit.since(clock.instant()), 100)).isZero();
    }

    // --- finish

    @Test
    void a_channel_is_finished_by_an_end_that_is_stored_after_its_last_event() {
        Appended appended = store().append(List.of(event("orders", "last"), NewEvent.end(ORDERS)));
        Event end = appended.events().get(1);

        assertThat(appended.added()).isEqualTo(appended.events());
        assertThat(end.isEnd()).isTrue();
        assertThat(end.previous()).isEqualTo(appended.events().get(0).id());
        assertThat(store().readAfter(ORDERS, EventId.NONE, ALL))
                .isEqualTo(new EventPage.Range(appended.events(), false, true));
        assertThat(store().readAfter(ORDERS, EventId.NONE, new PageLimit(1, 100)))
                .isEqualTo(new EventPage.Range(appended.events().subList(0, 1), true, false));
        assertThat(store().readAfter(ORDERS, end.id(), ALL)).isEqualTo(new EventPage.Range(List.of(), false, true));
        assertThat(store().newest(List.of(ORDERS))).isEqualTo(Map.of(ORDERS, end.id()));
    }

    @Test
    void the_ends_of_logs_show_which_channels_are_finished() {
        Event order = append("orders", "a");
        Event end = finish("alerts");
        ChannelName unknown = new ChannelName("unknown");

        assertThat(store().ends(List.of(ORDERS, ALERTS, unknown)))
                .isEqualTo(Map.of(
                        ORDERS,
                        new LogEnd(order.id(), false),
                        ALERTS,
                        new LogEnd(end.id(), true),
                        unknown,
                        new LogEnd(EventId.NONE, false)));
    }

    @Test
    void an_append_to_a_finished_channel_fails_as_a_whole_and_names_the_channel() {
        Event end = finish("orders");
        Event alert = append("alerts", "a");

        assertFinished(List.of(event("alerts", "b"), event("orders", "c")));

        assertThat(read("orders")).containsExactly(end);
        assertThat(read("alerts")).containsExactly(alert);
        assertThat(append("alerts", "d").previous()).isEqualTo(alert.id());
    }

    @Test
    void an_event_after_the_end_of_its_channel_fails_the_append() {
        assertFinished(List.of(event("orders", "a"), NewEvent.end(ORDERS), event("orders", "b")));

        assertThat(read("orders")).isEmpty();
        assertThat(append("orders", "c").id().sequence()).isEqualTo(1);
    }

    @Test
    void every_finished_channel_of_an_append_is_named() {
        finish("orders");
        finish("alerts");

        ChannelFinishedException failure = catchThrowableOfType(
                ChannelFinishedException.class,
                () -> store().append(List.of(event("orders", "a"), event("other", "b"), event("alerts", "c"))));

        assertThat(failure.channels()).containsExactly(ALERTS, ORDERS);
    }

    @Test
    void finishing_again_returns_the_end_and_stores_nothing() {
        Event end = finish("orders");

        Appended again = store().append(List.of(NewEvent.end(ORDERS), NewEvent.end(ORDERS)));

        assertThat(again.events()).containsExactly(end, end);
        assertThat(again.added()).isEmpty();
        assertThat(read("orders")).containsExactly(end);
        assertThat(finish("orders")).isEqualTo(end);
    }

    @Test
    void a_repetition_of_an_event_of_a_finished_channel_returns_the_event() {
        NewEvent last = event("orders", "last").withIdempotencyKey("k");
        List<Event> sent =
                store().append(List.of(last, NewEvent.end(ORDERS), last)).events();

        Appended again = store().append(List.of(last, NewEvent.end(ORDERS)));

        assertThat(sent).containsExactly(sent.get(0), sent.get(1), sent.get(0));
        assertThat(again.events()).isEqualTo(sent.subList(0, 2));
        assertThat(again.added()).isEmpty();
        assertFinished(List.of(last, event("orders", "other").withIdempotencyKey("another key")));
    }

    @Test
    void a_channel_without_events_can_be_finished() {
        Event end = finish("orders");

        assertThat(end.id().sequence()).isEqualTo(1);
        assertThat(end.previous()).isEqualTo(EventId.NONE);
    }

    @Test
    void a_channel_is_finished_only_with_the_commit() {
        AtomicReference<Boolean> before = new AtomicReference<>();

        inTransaction(transaction -> {
            store().append(transaction, List.of(event("orders", "last"), NewEvent.end(ORDERS)));
            before.set(elsewhere(() -> isFinished("orders")));
            assertThatThrownBy(() -> store().append(transaction, List.of(event("orders", "late"))))
                    .isInstanceOf(ChannelFinishedException.class);
            store().append(transaction, List.of(event("alerts", "after the failure")));
        });

        assertThat(before.get()).isFalse();
        assertThat(isFinished("orders")).isTrue();
        assertThat(read("orders")).extracting(Event::data).containsExactly("last", "");
        assertThat(read("alerts")).hasSize(1);
    }

    @Test
    void a_rollback_leaves_the_channel_open() {
        assertThatThrownBy(() -> inTransaction(transaction -> {
                    store().append(transaction, List.of(NewEvent.end(ORDERS)));
                    throw new IllegalArgumentException("the application failed");
                }))
                .hasMessage("the application failed");

        assertThat(append("orders", "a").id().sequence()).isEqualTo(1);
        assertThat(isFinished("orders")).isFalse();
    }

    @Test
    void a_channel_stays_finished_after_its_events_are_trimmed() {
        Event end = finish("orders");
        clock.advance(Duration.ofDays(1));

        assertThat(store().trim(clock.instant(), 100)).isEqualTo(1);

        assertThat(store().readAfter(ORDERS, end.id(), ALL)).isEqualTo(new EventPage.Range(List.of(), false, true));
        assertThat(store().readAfter(ORDERS, EventId.NONE, ALL))
                .isEqualTo(new EventPage.PositionUnavailable(end.id(), true));
        assertThat(finish("orders").id()).isEqualTo(end.id());
        assertFinished(List.of(event("orders", "late")));
    }

    @Test
    void concurrent_senders_and_finishers_succeed_before_the_end_and_fail_after_it() throws Exception {
        List<List<Event>> sent = Together.run(THREADS, thread -> {
            List<Event> own = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    own.add(append("orders", thread + " " + i));
                }
                if (thread % 2 == 0) {
                    own.add(finish("orders"));
                }
            } catch (ChannelFinishedException e) {
                assertThat(e.channels()).containsExactly(ORDERS);
            }
            return own;
        });

        List<Event> log = read("orders");
        assertThat(log.get(log.size() - 1).isEnd()).isTrue();
        assertThat(log.stream().filter(Event::isEnd)).hasSize(1);
        assertThat(sent.stream().flatMap(List::stream).distinct()).containsExactlyInAnyOrderElementsOf(log);
    }

    @Test
    void a_reopened_channel_takes_events_in_another_epoch() {
        Event old = append("orders", "old");
        Event end = finish("orders");

        store().reopen(ORDERS);

        Event next = append("orders", "new");
        assertThat(next.id().sequence()).isEqualTo(end.id().sequence() + 1);
        assertThat(next.id().epoch()).isNotEqualTo(old.id().epoch());
        assertThat(store().readAfter(ORDERS, end.id(), ALL)).isEqualTo(new EventPage.PositionUnavailable(next.id()));
        assertThat(store().readAfter(ORDERS, next.previous(), ALL))
                .isEqualTo(new EventPage.Range(List.of(next), false));
        assertThat(store().ends(List.of(ORDERS))).isEqualTo(Map.of(ORDERS, new LogEnd(next.id(), false)));
        assertThat(finish("orders").previous()).isEqualTo(next.id());
    }

    @Test
    void reopening_a_channel_that_is_not_finished_changes_nothing() {
        Event order = append("orders", "a");

        store().reopen(ORDERS);
        store().reopen(ALERTS);

        assertThat(store().ends(List.of(ORDERS, ALERTS)))
                .isEqualTo(Map.of(ORDERS, new LogEnd(order.id(), false), ALERTS, new LogEnd(EventId.NONE, false)));
        assertThat(append("orders", "b").previous()).isEqualTo(order.id());
    }

    private boolean isFinished(String channel) {
        return store().ends(List.of(new ChannelName(channel))).values().stream().allMatch(LogEnd::isFinished);
    }

    private Event finish(String channel) {
        return store().append(List.of(NewEvent.end(new ChannelName(channel))))
                .events()
                .get(0);
    }

    private void assertFinished(List<NewEvent> events) {
        ChannelFinishedException failure =
                catchThrowableOfType(ChannelFinishedException.class, () -> store().append(events));
        assertThat(failure.channels()).containsExactly(ORDERS);
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_STORED);
        assertThat(failure)
                .hasMessage(
                        "channel \"orders\" is finished, so nothing was sent; eventStream.reopen(channel) opens a finished"
                                + " channel again");
    }

    // --- stats

    @Test
    void stats_give_the_size_and_the_oldest_time_of_every_channel() {
        Instant start = clock.instant();
        appendMany("orders", 3);
        clock.advance(Duration.ofSeconds(1));
        appendMany("orders", 2);
        appendMany("alerts", 1);
        store().trim(ORDERS, TrimLimit.newest(2), 100);
        store().trim(ALERTS, TrimLimit.newest(0), 100);
        append("old", "data");
        clock.advance(Duration.ofSeconds(1));
        append("old", "data");

        assertThat(store().stats("", 100))
                .containsExactlyInAnyOrder(
                        new ChannelStats(ORDERS, 2, start.plusSeconds(1)),
                        new ChannelStats(ALERTS, 0, Instant.MAX),
                        new ChannelStats(new ChannelName("old"), 2, start.plusSeconds(1)));
    }

    @Test
    void stats_are_paged_and_each_channel_is_on_one_page() {
        List<String> names = new ArrayList<>(List.of("B", "a", "A", "é", "e", "z z", "_", "😀", "ab", "Ab"));
        IntStream.range(0, 30).forEach(i -> names.add("channel-" + i));
        names.forEach(name -> append(name, "data"));
        List<String> seen = new ArrayList<>();
        String last = "";
        List<ChannelStats> page;
        do {
            page = store().stats(last, 7);
            page.forEach(extent -> seen.add(extent.channel().value()));
            last = seen.get(seen.size() - 1);
        } while (page.size() == 7);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(names);
        assertThat(store().stats(last, 7)).isEmpty();
    }

    @Test
    void trimming_during_sends_and_reads_leaves_no_gap_and_reports_no_false_loss() throws Exception {
        int sends = 400;
        AtomicBoolean sending = new AtomicBoolean(true);
        Together.run(4, thread -> {
            if (thread == 0) {
                for (int i = 0; i < sends; i++) {
                    append("orders", "x".repeat(ThreadLocalRandom.current().nextInt(2_000)));
                    clock.advance(Duration.ofMillis(1));
                }
                sending.set(false);
            } else if (thread == 1) {
                while (sending.get()) {
                    store().trim(clock.instant().minusMillis(20), 7);
                }
            } else {
                follow("orders", () -> !sending.get(), this::assertTrimmed);
            }
            return thread;
        });

        assertThat(store().newest(List.of(ORDERS)).values())
                .extracting(EventId::sequence)
                .containsExactly((long) sends);
    }

    private void assertTrimmed(EventId position) {
        assertThat(store().readAfter(ORDERS, position, ALL)).isInstanceOf(EventPage.PositionUnavailable.class);
    }

    // --- values are read back unchanged

    @Test
    void names_differ_by_case_accents_and_trailing_spaces() {
        List<String> names = List.of(
                "name",
                "Name",
                "NAME",
                "namé",
                "name\u0301",
                "name ",
                " name",
                "name  ",
                "ß",
                "ss",
                "😀",
                "😁",
                "İ",
                "i",
                "'",
                "\"",
                "%",
                "_",
                "\\",
                "a,b",
                "😀".repeat(255),
                "x".repeat(255),
                "x".repeat(254) + "X");

        List<Event> stored = store().append(
                        names.stream().map(name -> event(name, name)).toList())
                .events();

        assertThat(stored).extracting(event -> event.id().sequence()).containsOnly(1L);
        assertThat(names)
                .allSatisfy(
                        name -> assertThat(read(name)).extracting(Event::data).containsExactly(name));
    }

    static Stream<String> data() {
        return Stream.of(
                "",
                " ",
                "line\r\nline\rline\n",
                "\t\u0001\u007f\u0085\u2028\ufeff\uffff",
                "ï € 😀 👩‍👩‍👧",
                "{\"json\":\"'\\\\\"}",
                "? :name #name <name> ${name} {0}",
                "x".repeat(1_048_576),
                "😀".repeat(524_288));
    }

    @ParameterizedTest
    @MethodSource("data")
    void data_is_read_back_unchanged(String data) {
        Event sent = append("orders", data);

        assertThat(sent.data()).isEqualTo(data);
        assertThat(read("orders")).containsExactly(sent);
    }

    @Test
    void one_append_accepts_many_events_of_maximum_length() {
        String longest = "x".repeat(1_048_570);
        List<Event> sent = store().append(IntStream.range(0, 20)
                        .mapToObj(i -> event("orders", longest + i))
                        .toList())
                .events();

        assertThat(read("orders")).isEqualTo(sent);
    }

    @Test
    void skipped_users_are_read_back_unchanged() {
        NewEvent event = event("orders", "a");
        Set<String> users =
                Set.of("alice", "Alice", "o'neil", "a,b", "\"q\"", "[x]", " ", "é😀", "u".repeat(255), "\\n");
        for (String user : users) {
            event = event.skippingUser(user);
        }

        Event stored = store().append(List.of(event)).events().get(0);

        assertThat(stored.skipUsers()).isEqualTo(users);
        assertThat(read("orders")).containsExactly(stored);
    }

    @Test
    void the_type_is_read_back_unchanged() {
        Event stored = store().append(List.of(NewEvent.text("orders", "Grüße 😀 ", "a")))
                .events()
                .get(0);

        assertThat(read("orders")).containsExactly(stored);
    }

    @Test
    void a_store_that_is_ready_passes_its_check() {
        store().check();
        append("orders", "a");
        store().check();
    }

    // --- helpers

    protected static NewEvent event(String channel, String data) {
        return NewEvent.text(channel, "message", data);
    }

    protected Event append(String channel, String data) {
        return store().append(List.of(event(channel, data))).events().get(0);
    }

    protected List<Event> appendMany(String channel, int count) {
        return store().append(IntStream.range(0, count)
                        .mapToObj(i -> event(channel, "data " + i))
                        .toList())
                .events();
    }

    /** The whole log of a channel that was never trimmed. */
    protected List<Event> read(String channel) {
        return readAll(EventId.NONE, channel);
    }

    private List<Event> readAll(EventId after, String channel) {
        EventPage page = store().readAfter(new ChannelName(channel), after, ALL);
        assertThat(page).isInstanceOf(EventPage.Range.class);
        return ((EventPage.Range) page).events();
    }

    private EventPage readElsewhere(String channel) {
        return elsewhere(() -> store().readAfter(new ChannelName(channel), EventId.NONE, ALL));
    }

    /** Runs the work on another thread. */
    private static <T> T elsewhere(Callable<T> work) {
        try {
            return Together.run(1, thread -> work.call()).get(0);
        } catch (Exception e) {
            throw new AssertionError("the other thread failed", e);
        }
    }

    /** Reads page after page until the senders are done and the end is reached. Each page continues the previous one. */
    private void follow(String channel, java.util.function.BooleanSupplier isDone, Consumer<EventId> lost) {
        EventId position = EventId.NONE;
        while (true) {
            boolean done = isDone.getAsBoolean();
            EventPage page = store().readAfter(new ChannelName(channel), position, new PageLimit(10, 5_000));
            if (page instanceof EventPage.Range run) {
                for (Event event : run.events()) {
                    assertThat(event.previous()).isEqualTo(position);
                    position = event.id();
                }
                if (done && !run.hasMore()) {
                    return;
                }
            } else if (page instanceof EventPage.PositionUnavailable gone) {
                lost.accept(position);
                position = gone.newest();
            }
        }
    }
}
