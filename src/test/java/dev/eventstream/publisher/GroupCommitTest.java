package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final List<List<String>> attempts = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore gate = new Semaphore(0);
    private final List<Sender> senders = new ArrayList<>();

    private volatile boolean gateIsOpen = true;
    private volatile Consumer<List<String>> trouble = batch -> {};
    private GroupCommit group = new GroupCommit(TIMEOUT, Ticker.systemTicker());

    @AfterEach
    void every_sender_ends() throws InterruptedException {
        openGate();
        for (Sender sender : senders) {
            sender.thread.join(10_000);
            assertThat(sender.thread.isAlive())
                    .as("%s waits for ever", sender.thread.getName())
                    .isFalse();
        }
        assertThat(send(List.of(event("the lead is not lost")))).hasSize(1);
    }

    @Test
    void a_lone_sender_commits_at_once() {
        assertThat(send(events("a", "b"))).extracting(Event::data).containsExactly("a", "b");
        assertThat(send(events("c"))).extracting(Event::data).containsExactly("c");
        assertThat(attempts).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void senders_that_arrive_during_a_commit_share_the_next_one_in_order_of_arrival() {
        shutGate();
        Sender first = start("first");
        List<Sender> others =
                Stream.of("b1", "b2", "b3", "b4", "b5").map(this::startWaiting).toList();
        openGate();
        assertThat(first.data()).containsExactly("first");
        others.forEach(sender -> assertThat(sender.data()).containsExactly(sender.name()));
        assertThat(attempts).containsExactly(List.of("first"), List.of("b1", "b2", "b3", "b4", "b5"));
    }

    @Test
    void the_lead_passes_to_a_sender_that_arrives_during_the_second_commit() {
        shutGate();
        start("1");
        startWaiting("2a");
        startWaiting("2b");
        gate.release();
        awaitAttempts(2);
        startWaiting("3a");
        startWaiting("3b");
        openGate();
        senders.forEach(Sender::data);
        assertThat(attempts).containsExactly(List.of("1"), List.of("2a", "2b"), List.of("3a", "3b"));
    }

    @Test
    void each_sender_gets_back_its_events() {
        shutGate();
        start("x");
        Sender two = startWaiting("a", "b");
        Sender three = startWaiting("c", "d", "e");
        openGate();
        assertThat(two.data()).containsExactly("a", "b");
        assertThat(three.data()).containsExactly("c", "d", "e");
    }

    @Test
    void a_commit_has_500_events_at_most_and_a_sender_s_events_are_never_parted() {
        shutGate();
        start("x");
        startWaiting(many(300));
        startWaiting(many(200));
        startWaiting(many(1));
        startWaiting(many(500));
        startWaiting(many(501));
        openGate();
        senders.forEach(Sender::data);
        assertThat(BatchRoom.MAX_EVENTS).isEqualTo(500);
        assertThat(attempts).extracting(List::size).containsExactly(1, 500, 1, 500, 501);
    }

    @Test
    void a_commit_is_limited_in_characters_unless_one_sender_exceeds_the_limit() {
        String half = "h".repeat(BatchRoom.MAX_CHARACTERS / 2);
        String whole = "w".repeat(BatchRoom.MAX_CHARACTERS);
        String more = "m".repeat(BatchRoom.MAX_CHARACTERS + 1);
        shutGate();
        start("x");
        List.of(half, half, "y", whole, more, "z").forEach(this::startWaiting);
        openGate();
        senders.forEach(Sender::data);
        assertThat(attempts).hasSize(6);
        assertThat(attempts.get(1)).isEqualTo(List.of(half, half));
        assertThat(attempts.subList(2, 6))
                .isEqualTo(List.of(List.of("y"), List.of(whole), List.of(more), List.of("z")));
    }

    @Test
    void a_bad_event_fails_only_its_own_sender() {
        failOn("bad", Outcome.NOT_STORED);
        shutGate();
        start("x");
        Sender before = startWaiting("before");
        Sender bad = startWaiting("good one", "bad");
        Sender after = startWaiting("after");
        openGate();
        assertThat(before.data()).containsExactly("before");
        assertThat(after.data()).containsExactly("after");
        assertThat(bad.failure().outcome()).isEqualTo(Outcome.NOT_STORED);
        assertThat(attempts)
                .containsExactly(
                        List.of("x"),
                        List.of("before", "good one", "bad", "after"),
                        List.of("before"),
                        List.of("good one", "bad"),
                        List.of("after"));
        assertThat(stored()).containsExactly("x", "before", "after");
    }

    @Test
    void a_batch_whose_outcome_is_unknown_is_not_tried_again() {
        failOn("bad", Outcome.UNKNOWN);
        shutGate();
        start("x");
        Sender innocent = startWaiting("innocent");
        Sender bad = startWaiting("bad");
        openGate();
        EventStoreException one = innocent.failure();
        EventStoreException other = bad.failure();
        assertThat(one.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(other.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(one).isNotSameAs(other).hasMessage("trouble with bad").hasCauseInstanceOf(EventStoreException.class);
        assertThat(one.getCause()).isSameAs(other.getCause());
        assertThat(attempts).containsExactly(List.of("x"), List.of("innocent", "bad"));
    }

    @Test
    void an_unexpected_failure_leaves_the_outcome_unknown_and_the_lead_is_passed_on() {
        RuntimeException surprise = new IllegalStateException("surprise");
        Error error = new StackOverflowError();
        for (Throwable thrown : List.of(surprise, error)) {
            trouble = batch -> {
                if (batch.contains("bad")) {
                    sneak(thrown);
                }
            };
            shutGate();
            start("x");
            Sender bad = startWaiting("bad");
            Sender with = startWaiting("with it");
            openGate();
            assertThat(bad.failure())
                    .hasMessage(
                            "the store failed unexpectedly; 1 event(s) for channel \"a\" may have been stored or not")
                    .hasCause(thrown)
                    .extracting(EventStoreException::outcome)
                    .isEqualTo(Outcome.UNKNOWN);
            assertThat(with.failure().outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(send(events("next"))).hasSize(1);
        }
    }

    @Test
    void a_leader_s_failure_does_not_reach_waiting_senders() {
        failOn("bad", Outcome.UNKNOWN);
        shutGate();
        Sender leader = start("bad");
        Sender follower = startWaiting("good");
        openGate();
        assertThat(leader.failure().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(follower.data()).containsExactly("good");
    }

    @Test
    void a_sender_that_is_interrupted_while_waiting_takes_its_events_back() {
        shutGate();
        start("x");
        Sender interrupted = startWaiting("taken back");
        Sender next = startWaiting("next");
        interrupted.thread.interrupt();
        assertThat(interrupted.failure())
                .hasMessage("1 event(s) for channel \"a\" were not stored: the sending thread was interrupted")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.NOT_STORED);
        assertThat(interrupted.leftInterrupted).isTrue();
        openGate();
        assertThat(next.data()).containsExactly("next");
        assertThat(stored()).containsExactly("x", "next");
    }

    @Test
    void a_sender_that_is_interrupted_while_another_commits_its_events_cannot_know_the_outcome() {
        shutGate();
        start("1");
        startWaiting("2a");
        Sender interrupted = startWaiting("2b");
        gate.release();
        awaitAttempts(2);
        interrupted.thread.interrupt();
        assertThat(interrupted.failure())
                .hasMessage(
                        "1 event(s) for channel \"a\" may have been stored or not: the sending thread was interrupted")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.UNKNOWN);
        openGate();
        senders.get(1).data();
        assertThat(stored()).containsExactly("1", "2a", "2b");
    }

    @Test
    void the_store_does_not_see_a_leader_s_interrupt_and_the_leader_keeps_it() {
        List<Boolean> seen = new ArrayList<>();
        trouble = batch -> seen.add(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        assertThat(send(events("a"))).hasSize(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false);
    }

    @Test
    void an_interrupt_that_breaks_a_shared_commit_breaks_only_that_attempt() {
        trouble = batch -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new EventStoreException("interrupted", new InterruptedException());
            }
            if (batch.size() > 1) {
                Thread.currentThread().interrupt();
                throw new EventStoreException("interrupted", new InterruptedException());
            }
        };
        shutGate();
        start("x");
        Sender leader = startWaiting("a");
        Sender other = startWaiting("b");
        openGate();
        assertThat(leader.data()).containsExactly("a");
        assertThat(other.data()).containsExactly("b");
        assertThat(leader.leftInterrupted).isTrue();
        assertThat(other.leftInterrupted).isFalse();
    }

    @Test
    void a_sender_that_times_out_takes_its_events_back() {
        group = new GroupCommit(Duration.ofMillis(50), Duration.ofMillis(50), Ticker.systemTicker());
        shutGate();
        start("x");
        assertThat(start("taken back").failure())
                .hasMessageMatching(
                        "1 event\\(s\\) for channel \"a\" were not stored: waited \\d+ ms for the database to store"
                                + " earlier sends; eventStream\\.sendTimeout allows no more")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.NOT_STORED);
        openGate();
        assertThat(senders.get(0).data()).containsExactly("x");
        assertThat(stored()).containsExactly("x");
    }

    @Test
    void a_sender_that_times_out_while_another_commits_its_events_cannot_know_the_outcome() {
        group = new GroupCommit(Duration.ofSeconds(3), Duration.ofMillis(50), Ticker.systemTicker());
        shutGate();
        start("1");
        startWaiting("2a");
        Sender impatient = startWaiting("2b");
        gate.release();
        awaitAttempts(2);
        assertThat(impatient.failure())
                .hasMessage(
                        "1 event(s) for channel \"a\" may have been stored or not: the database has not answered 50 ms after the send timeout")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void senders_are_tried_one_by_one_only_within_a_sixth_of_the_timeout() {
        group = new GroupCommit(Duration.ofSeconds(6), Duration.ofMillis(50), Ticker.systemTicker());
        trouble = batch -> {
            long start = System.nanoTime();
            eventually(() -> batch.size() == 1
                    || System.nanoTime() - start > Duration.ofSeconds(1).toNanos());
            if (batch.size() > 1) {
                throw new EventStoreException("database is down", new IllegalStateException());
            }
        };
        shutGate();
        start("x");
        Sender one = startWaiting("a");
        Sender other = startWaiting("b");
        openGate();
        assertThat(one.failure().outcome()).isEqualTo(Outcome.NOT_STORED);
        assertThat(other.failure().outcome()).isEqualTo(Outcome.NOT_STORED);
        assertThat(attempts).containsExactly(List.of("x"), List.of("a", "b"));
    }

    @Test
    void no_events_are_appended_for_senders_that_gave_up_before_they_were_tried_alone() {
        trouble = batch -> {
            if (batch.size() > 1) {
                throw new EventStoreException("bad batch", new IllegalStateException());
            }
        };
        shutGate();
        start("1");
        startWaiting("2a");
        Sender interrupted = startWaiting("2b");
        gate.release(2);
        awaitAttempts(3);
        interrupted.thread.interrupt();
        assertThat(interrupted.failure().outcome()).isEqualTo(Outcome.UNKNOWN);
        openGate();
        assertThat(senders.get(1).data()).containsExactly("2a");
        assertThat(stored()).containsExactly("1", "2a");
        assertThat(attempts).containsExactly(List.of("1"), List.of("2a", "2b"), List.of("2a"));
    }

    // ---- a store that the test controls

    private List<Event> send(List<NewEvent> events) {
        return group.run(events, this::store);
    }

    private List<Event> store(List<NewEvent> events, Duration maxLockWait) {
        List<String> batch = events.stream().map(NewEvent::data).toList();
        attempts.add(batch);
        if (!gateIsOpen) {
            gate.acquireUninterruptibly();
        }
        trouble.accept(batch);
        return store.append(events).events();
    }

    /** Makes each further commit wait for a permit of the gate. */
    private void shutGate() {
        gate.drainPermits();
        gateIsOpen = false;
    }

    private void openGate() {
        gateIsOpen = true;
        gate.release(1_000);
    }

    private void failOn(String data, Outcome outcome) {
        trouble = batch -> {
            if (batch.contains(data)) {
                throw new EventStoreException("trouble with " + data, outcome, new IllegalArgumentException(data));
            }
        };
    }

    private List<String> stored() {
        EventPage page = store.readAfter(new ChannelName("a"), EventId.NONE, new PageLimit(10_000, 10_000_000));
        return ((EventPage.Range) page).events().stream().map(Event::data).toList();
    }

    private void awaitAttempts(int count) {
        eventually(() -> attempts.size() == count);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    // ---- senders

    private Sender start(String... data) {
        int before = attempts.size();
        Sender sender = new Sender(data);
        sender.thread.start();
        eventually(() -> attempts.size() > before || sender.isWaiting() || sender.result.isDone());
        return sender;
    }

    private Sender startWaiting(String... data) {
        Sender sender = new Sender(data);
        sender.thread.start();
        eventually(sender::isWaiting);
        return sender;
    }

    private final class Sender {
        private final List<NewEvent> events;
        private final CompletableFuture<List<Event>> result = new CompletableFuture<>();
        private final Thread thread;
        private volatile boolean leftInterrupted;

        Sender(String... data) {
            events = events(data);
            thread = new Thread(this::send, "sender of " + data[0]);
            senders.add(this);
        }

        private void send() {
            try {
                List<Event> stored = GroupCommitTest.this.send(events);
                leftInterrupted = Thread.interrupted();
                result.complete(stored);
            } catch (RuntimeException | Error e) {
                leftInterrupted = Thread.interrupted();
                result.completeExceptionally(e);
            }
        }

        boolean isWaiting() {
            return thread.getState() == Thread.State.TIMED_WAITING;
        }

        String name() {
            return events.get(0).data();
        }

        List<String> data() {
            assertThat(result).succeedsWithin(Duration.ofSeconds(10));
            return result.join().stream().map(Event::data).toList();
        }

        EventStoreException failure() {
            Throwable thrown = catchThrowable(() -> result.get(10, TimeUnit.SECONDS));
            assertThat(thrown).hasCauseInstanceOf(EventStoreException.class);
            return (EventStoreException) Objects.requireNonNull(thrown.getCause());
        }
    }

    private static String[] many(int count) {
        return IntStream.range(0, count).mapToObj(i -> count + "." + i).toArray(String[]::new);
    }

    private static List<NewEvent> events(String... data) {
        return Stream.of(data).map(GroupCommitTest::event).toList();
    }

    private static NewEvent event(String data) {
        return NewEvent.text("a", "message", data);
    }

    private static void sneak(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}
