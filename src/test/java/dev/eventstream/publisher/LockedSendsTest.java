package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that other transactions keep locked, senders that wait for them, and senders that must not wait. */
class LockedSendsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private record Attempt(List<String> data, Duration maxLockWait) {}

    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final Set<String> lockedNow = ConcurrentHashMap.newKeySet();
    private final List<Attempt> attempts = Collections.synchronizedList(new ArrayList<>());
    private final List<Sender> senders = new ArrayList<>();
    private final Semaphore connections = new Semaphore(1);
    private volatile boolean tellsWhich = true;
    private volatile Optional<Error> error = Optional.empty();
    private GroupCommit group = new GroupCommit(LONG, Ticker.systemTicker());

    @AfterEach
    void every_sender_ends_and_none_is_remembered() {
        lockedNow.clear();
        error = Optional.empty();
        for (Sender sender : senders) {
            await().until(() -> !sender.thread.isAlive());
        }
        send("a", "b", "c", "d");
        assertThat(group.queue().size()).isZero();
        assertThat(group.queue().waitingForLocks()).isZero();
    }

    @Test
    void a_locked_channel_delays_only_its_own_senders() {
        lockedNow.add("a");
        Sender blocked = start("a");
        Sender another = start("a");
        awaitLocked(2);
        for (int i = 0; i < 50; i++) {
            assertThat(send("b")).hasSize(1);
        }
        assertThat(blocked.result).isNotDone();
        assertThat(group.queue().waitingForLocks()).isEqualTo(2);

        lockedNow.clear();
        assertThat(blocked.stored()).hasSize(1);
        assertThat(another.stored()).hasSize(1);
    }

    @Test
    void the_leader_waits_for_a_lock_once_and_not_again_while_it_is_known() {
        lockedNow.add("a");
        Sender blocked = start("a");
        awaitLocked(1);
        int before = attempts.size();
        start("a");
        awaitLocked(2);
        send("b");
        eventually(() -> attempts.size() > before + 1);
        assertThat(attempts.subList(before, attempts.size()))
                .filteredOn(attempt -> attempt.data().contains("b"))
                .extracting(Attempt::data)
                .containsExactly(List.of("b"));
        assertThat(attempts.get(0)).isEqualTo(new Attempt(List.of("a"), GroupCommit.LEADER_LOCK_WAIT));
        assertThat(attempts.subList(1, attempts.size()))
                .filteredOn(attempt -> attempt.data().contains("a"))
                .isNotEmpty()
                .allSatisfy(attempt -> assertThat(attempt.maxLockWait()).isEqualTo(GroupCommit.PROBER_LOCK_WAIT));
        assertThat(blocked.result).isNotDone();
    }

    @Test
    void after_waiting_in_vain_the_leader_does_not_wait_for_locks_for_a_while() {
        lockedNow.addAll(List.of("a", "b"));
        start("a");
        awaitLocked(1);
        start("b");
        awaitLocked(2);
        send("c");
        assertThat(attempts)
                .filteredOn(attempt -> attempt.data().equals(List.of("b")))
                .first()
                .satisfies(
                        attempt -> assertThat(attempt.maxLockWait()).isIn(Duration.ZERO, GroupCommit.PROBER_LOCK_WAIT));
        await().until(() -> {
            send("d");
            return attempts.get(attempts.size() - 1).maxLockWait().equals(GroupCommit.LEADER_LOCK_WAIT)
                    || attempts.contains(new Attempt(List.of("d"), GroupCommit.LEADER_LOCK_WAIT));
        });
    }

    @Test
    void senders_of_a_locked_channel_are_stored_in_order_of_arrival_in_one_commit() {
        lockedNow.add("a");
        List<Sender> waiting = Stream.of("1", "2", "3", "4")
                .map(data -> {
                    Sender sender = startData("a", data);
                    awaitLocked(senders.size());
                    return sender;
                })
                .toList();
        lockedNow.clear();
        waiting.forEach(Sender::stored);
        assertThat(waiting)
                .extracting(sender -> sender.stored().get(0).id().sequence())
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(attempts.get(attempts.size() - 1).data()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void a_send_to_several_channels_waits_if_one_of_them_is_locked_and_delays_no_other() {
        lockedNow.add("b");
        Sender both = start("a", "b");
        awaitLocked(1);
        assertThat(send("a")).hasSize(1);
        assertThat(both.result).isNotDone();
        assertThat(attempts)
                .filteredOn(attempt -> attempt.data().equals(List.of("a", "b")))
                .filteredOn(attempt -> !attempt.maxLockWait().equals(GroupCommit.LEADER_LOCK_WAIT))
                .allSatisfy(attempt -> assertThat(attempt.maxLockWait()).isZero());
        lockedNow.clear();
        assertThat(both.stored()).hasSize(2);
    }

    @Test
    void a_send_moves_on_to_the_next_channel_that_is_locked() {
        lockedNow.addAll(List.of("a", "b"));
        Sender both = start("a", "b");
        awaitLocked(1);
        lockedNow.remove("a");
        await().until(() -> group.queue().waitingForLocks() == 1 && send("a").size() == 1);
        assertThat(both.result).isNotDone();
        lockedNow.remove("b");
        assertThat(both.stored()).hasSize(2);
    }

    @Test
    void if_the_database_does_not_report_the_locked_channel_it_is_found_by_trying() {
        tellsWhich = false;
        lockedNow.add("c");
        connections.acquireUninterruptibly();
        Sender first = start("a");
        await().until(() -> attempts.size() == 1);
        List<Sender> free = List.of(start("a"), start("b"), start("d"));
        Sender blocked = start("c");
        await().until(() -> group.queue().size() == 5);
        connections.release();
        first.stored();
        free.forEach(Sender::stored);
        awaitLocked(1);
        assertThat(blocked.result).isNotDone();
        lockedNow.clear();
        assertThat(blocked.stored()).hasSize(1);
    }

    @Test
    void a_store_that_blames_a_channel_of_no_send_is_tried_again() {
        lockedNow.add("?");
        Sender sender = start("a");
        awaitLocked(1);
        lockedNow.clear();
        assertThat(sender.stored()).hasSize(1);
    }

    // ---- limits

    @Test
    void a_sender_waits_no_longer_than_the_timeout_and_learns_the_channel_and_that_nothing_is_stored() {
        group = new GroupCommit(Duration.ofMillis(150), Ticker.systemTicker());
        lockedNow.add("a");
        Sender one = start("a");
        Sender other = start("a");
        for (Sender sender : List.of(one, other)) {
            EventStoreException failure = sender.failure();
            assertThat(failure.outcome()).isEqualTo(Outcome.NOT_STORED);
            assertThat(failure.getMessage())
                    .matches(
                            "1 event\\(s\\) for channel \"a\" were not stored: waited (1[5-9]|[2-9]\\d|\\d{3})\\d ms for channel \"a\","
                                    + " which another transaction keeps locked; eventStream\\.sendTimeout allows no more");
        }
        lockedNow.clear();
        assertThat(send("a").get(0).id().sequence()).isEqualTo(1);
    }

    @Test
    void a_timeout_during_an_attempt_waits_for_its_outcome() {
        group = new GroupCommit(Duration.ofMillis(100), LONG, Ticker.systemTicker());
        connections.acquireUninterruptibly();
        Sender leader = start("a");
        await().until(() -> attempts.size() == 1);
        lockedNow.add("b");
        Sender follower = start("b");
        assertThat(follower.failure())
                .hasMessageContaining(
                        "ms for the database to store earlier sends; eventStream.sendTimeout allows no more")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.NOT_STORED);
        assertThat(leader.result).isNotDone();
        connections.release();
        assertThat(leader.stored()).hasSize(1);
    }

    @Test
    void a_sender_whose_append_is_refused_after_the_timeout_is_not_put_back() {
        group = new GroupCommit(Duration.ofMillis(100), LONG, Ticker.systemTicker());
        lockedNow.add("a");
        connections.acquireUninterruptibly();
        Sender late = start("a");
        await().until(() ->
                group.queue().waitingLongerThan(Duration.ofMillis(120)).isPresent());
        connections.release();
        assertThat(late.failure())
                .hasMessageContaining("which another transaction keeps locked")
                .extracting(EventStoreException::outcome)
                .isEqualTo(Outcome.NOT_STORED);
        assertThat(attempts).hasSize(1);
    }

    @Test
    void a_sender_that_is_interrupted_while_waiting_for_a_lock_takes_its_events_back_and_stays_interrupted() {
        lockedNow.add("a");
        Sender prober = start("a");
        awaitLocked(1);
        Sender other = start("a");
        awaitLocked(2);
        for (Sender sender : List.of(prober, other)) {
            sender.thread.interrupt();
            assertThat(sender.failure())
                    .hasMessage("1 event(s) for channel \"a\" were not stored: the sending thread was interrupted")
                    .extracting(EventStoreException::outcome)
                    .isEqualTo(Outcome.NOT_STORED);
            assertThat(sender.leftInterrupted).isTrue();
        }
        assertThat(group.queue().size()).isZero();
        lockedNow.clear();
        assertThat(send("a").get(0).id().sequence()).isEqualTo(1);
    }

    @Test
    void the_next_sender_probes_when_the_prober_leaves() {
        lockedNow.add("a");
        Sender prober = start("a");
        awaitLocked(1);
        Sender next = start("a");
        awaitLocked(2);
        prober.thread.interrupt();
        prober.failure();
        lockedNow.clear();
        assertThat(next.stored()).hasSize(1);
    }

    @Test
    void an_error_during_a_probe_reaches_the_senders_of_its_batch_and_the_next_ones_are_served() {
        lockedNow.addAll(List.of("a", "b"));
        Sender one = start("a");
        awaitLocked(1);
        Sender other = start("b");
        awaitLocked(2);
        error = Optional.of(new OutOfMemoryError("a test"));
        assertThat(one.failure()).hasRootCause(error.get());
        assertThat(other.failure()).hasRootCause(error.get());
        error = Optional.empty();
        lockedNow.clear();
        assertThat(send("a")).hasSize(1);
        assertThat(send("b")).hasSize(1);
    }

    // ---- what operators see

    @Test
    void sends_that_wait_for_long_are_counted_with_the_channel_of_the_first() {
        lockedNow.add("b");
        Sender first = start("a", "b");
        awaitLocked(1);
        start("b");
        awaitLocked(2);
        assertThat(group.queue().waitingLongerThan(LONG)).isEmpty();
        WaitingSends waiting = group.queue().waitingLongerThan(Duration.ZERO).orElseThrow();
        assertThat(waiting.sends()).isEqualTo(2);
        assertThat(waiting.channel()).isEqualTo(new ChannelName("b"));
        assertThat(waiting.isLocked()).isTrue();
        assertThat(waiting.longest()).isPositive().isLessThan(LONG);
        assertThat(group.queue().size()).isEqualTo(2);
        assertThat(first.result).isNotDone();
    }

    @Test
    void a_send_that_the_database_does_not_answer_counts_as_waiting() {
        connections.acquireUninterruptibly();
        Sender sender = start("a");
        await().until(() -> attempts.size() == 1);
        WaitingSends waiting = group.queue().waitingLongerThan(Duration.ZERO).orElseThrow();
        assertThat(waiting.channel()).isEqualTo(new ChannelName("a"));
        assertThat(waiting.isLocked()).isFalse();
        connections.release();
        sender.stored();
        assertThat(group.queue().waitingLongerThan(Duration.ZERO)).isEmpty();
    }

    // ---- a database with one connection, and with locks

    private List<Event> storeBatch(List<NewEvent> events, Duration maxLockWait) {
        attempts.add(new Attempt(events.stream().map(NewEvent::data).toList(), maxLockWait));
        connections.acquireUninterruptibly();
        try {
            error.ifPresent(thrown -> {
                throw thrown;
            });
            List<ChannelName> channels =
                    events.stream().map(NewEvent::channel).distinct().sorted().toList();
            List<ChannelName> refused = channels.stream()
                    .filter(channel -> lockedNow.contains(channel.value()))
                    .toList();
            if (lockedNow.contains("?")) {
                throw new ChannelLockedException(List.of(new ChannelName("?")), new IllegalStateException());
            }
            if (!refused.isEmpty()) {
                throw new ChannelLockedException(tellsWhich ? refused : channels, new IllegalStateException());
            }
            return store.append(events).events();
        } finally {
            connections.release();
        }
    }

    private List<Event> send(String... channels) {
        return group.run(events(channels), this::storeBatch);
    }

    private static List<NewEvent> events(String... channels) {
        return Stream.of(channels)
                .map(channel -> NewEvent.text(channel, "message", channel))
                .toList();
    }

    private Sender start(String... channels) {
        return new Sender(events(channels));
    }

    private Sender startData(String channel, String data) {
        return new Sender(List.of(NewEvent.text(channel, "message", data)));
    }

    private void awaitLocked(int sends) {
        eventually(() -> group.queue().waitingForLocks() == sends);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    private final class Sender {
        private final CompletableFuture<List<Event>> result = new CompletableFuture<>();
        private final Thread thread;
        private volatile boolean leftInterrupted;

        Sender(List<NewEvent> events) {
            GroupCommit used = group;
            thread = new Thread(
                    () -> {
                        try {
                            result.complete(used.run(events, LockedSendsTest.this::storeBatch));
                        } catch (RuntimeException | Error e) {
                            leftInterrupted = Thread.interrupted();
                            result.completeExceptionally(e);
                        }
                    },
                    "sender " + events);
            senders.add(this);
            thread.start();
        }

        List<Event> stored() {
            assertThat(result).succeedsWithin(Duration.ofSeconds(10));
            return result.join();
        }

        EventStoreException failure() {
            Throwable thrown = catchThrowableOfType(ExecutionException.class, () -> result.get(10, TimeUnit.SECONDS));
            assertThat(thrown).hasCauseInstanceOf(EventStoreException.class);
            return (EventStoreException) Objects.requireNonNull(thrown.getCause());
        }
    }
}
