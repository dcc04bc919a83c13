package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.sequences;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.subscriber.SharedPages.Found;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedPagesTest {
    private final Log log = new Log();
    private final MemoryBudget memory = new MemoryBudget(8 << 20);
    private final SettableTicker ticker = new SettableTicker();
    private final SharedPages pages = new SharedPages(log, memory, ticker);

    private List<Event> append(int count) {
        return log.append(LongStream.range(0, count)
                        .mapToObj(i -> NewEvent.text("a", "message", "x"))
                        .toList())
                .events();
    }

    private List<Long> read(EventId after) {
        return sequences(((Found.Events) pages.readAfter(A, after)).events());
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void readers_of_different_positions_share_the_pages_that_start_at_multiples_of_256() {
        List<Event> events = append(600);
        assertThat(read(events.get(299).id())).isEqualTo(range(301, 512));
        assertThat(read(events.get(400).id())).isEqualTo(range(402, 512));
        assertThat(read(events.get(255).id())).isEqualTo(range(257, 512));
        assertThat(log.reads).containsExactly(events.get(255).id());

        assertThat(read(events.get(9).id())).isEqualTo(range(11, 256));
        assertThat(read(events.get(99).id())).isEqualTo(range(101, 256));
        assertThat(log.reads).containsExactly(events.get(255).id(), EventId.NONE);
    }

    @Test
    void a_reader_at_the_end_of_a_page_gets_what_was_committed_since_the_page_was_read() {
        List<Event> events = append(300);
        EventId last = events.get(299).id();
        assertThat(read(events.get(280).id())).isEqualTo(range(282, 300));
        append(2);

        assertThat(read(last)).containsExactly(301L, 302L);
        assertThat(read(last)).containsExactly(301L, 302L);
        assertThat(log.reads).containsExactly(events.get(255).id(), last);
    }

    @Test
    void that_nothing_follows_is_never_remembered() {
        List<Event> events = append(300);
        EventId last = events.get(299).id();
        assertThat(read(last)).isEmpty();
        append(1);

        assertThat(read(last)).containsExactly(301L);
    }

    @Test
    void a_read_from_the_beginning_asks_the_log_each_time() {
        append(3);
        assertThat(read(EventId.NONE)).isEqualTo(range(1, 3));
        append(1);

        assertThat(read(EventId.NONE)).isEqualTo(range(1, 4));
        assertThat(log.reads).hasSize(2);
    }

    @Test
    void a_page_of_another_log_does_not_answer() {
        append(10);
        EventId other = new EventId("other", 3);
        assertThat(pages.readAfter(A, other)).isInstanceOf(Found.PositionUnavailable.class);
    }

    @Test
    void pages_of_events_are_kept_for_30_seconds_and_count_as_memory_meanwhile() {
        List<Event> events = append(100);
        EventId position = events.get(50).id();
        read(position);
        assertThat(memory.used()).isGreaterThan(100 * MemoryBudget.EVENT_OVERHEAD);
        ticker.advance(Duration.ofSeconds(30).minusNanos(1));
        pages.cleanUp();
        read(position);
        assertThat(log.reads).hasSize(1);

        ticker.advance(Duration.ofNanos(1));
        read(position);
        assertThat(log.reads).hasSize(2);
        ticker.advance(Duration.ofSeconds(32)); // Caffeine removes what has expired up to two seconds later
        pages.cleanUp();
        assertThat(memory.used()).isZero();
    }

    @Test
    void that_a_position_is_unavailable_is_remembered_for_a_second() {
        EventId lost = new EventId("lost", 300);
        for (int i = 0; i < 5; i++) {
            assertThat(pages.readAfter(A, lost)).isEqualTo(new Found.PositionUnavailable(LogEnd.open(EventId.NONE)));
        }
        assertThat(log.reads).hasSize(2); // its page and the position itself
        assertThat(memory.used()).isEqualTo(2 * MemoryBudget.EVENT_OVERHEAD);
        ticker.advance(Duration.ofSeconds(1));
        pages.readAfter(A, lost);

        assertThat(log.reads).hasSize(4);
    }

    @Test
    void pages_use_no_more_than_an_eighth_of_the_budget() {
        String large = "x".repeat(500_000);
        for (int i = 0; i < 10; i++) {
            ChannelName channel = new ChannelName("large" + i);
            List<Event> events = log.append(List.of(
                            NewEvent.text(channel.value(), "message", large),
                            NewEvent.text(channel.value(), "message", large)))
                    .events();
            pages.readAfter(channel, events.get(0).id());
            pages.cleanUp();
            assertThat(memory.used()).isLessThanOrEqualTo(memory.limit() / 8);
        }
    }

    @Test
    void a_failure_is_not_remembered() {
        List<Event> events = append(2);
        log.failure = new EventStoreException("down");
        assertThatThrownBy(() -> read(events.get(0).id())).hasMessage("down");
        log.failure = new OutOfMemoryError("test");
        assertThatThrownBy(() -> read(events.get(0).id())).isInstanceOf(OutOfMemoryError.class);
        log.failure = null;

        assertThat(read(events.get(0).id())).containsExactly(2L);
        assertThat(memory.used()).isPositive();
    }

    @Test
    void a_thread_that_wants_a_page_waits_for_the_one_that_reads_it_and_shares_its_answer() throws Exception {
        EventId first = append(3).get(0).id();
        log.block();
        CompletableFuture<List<Long>> one = CompletableFuture.supplyAsync(() -> read(first));
        log.awaitReader();
        Thread[] waiting = new Thread[1];
        CompletableFuture<List<Long>> two = CompletableFuture.supplyAsync(() -> {
            waiting[0] = Thread.currentThread();
            return read(first);
        });
        await().until(() -> waiting[0] != null && waiting[0].getState() == Thread.State.TIMED_WAITING);
        log.unblock();

        assertThat(one.get()).containsExactly(2L, 3L);
        assertThat(two.get()).containsExactly(2L, 3L);
        assertThat(log.reads).hasSize(1);
    }

    @Test
    void a_thread_that_waits_for_a_page_learns_that_it_could_not_be_read() throws Exception {
        EventId first = append(3).get(0).id();
        log.block();
        CompletableFuture<List<Long>> one = CompletableFuture.supplyAsync(() -> read(first));
        log.awaitReader();
        CompletableFuture<List<Long>> two = CompletableFuture.supplyAsync(() -> read(first));
        log.failure = new OutOfMemoryError("test");
        log.unblock();

        assertThatThrownBy(one::get).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(two::get)
                .isInstanceOf(ExecutionException.class)
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOfAny(EventStoreException.class, OutOfMemoryError.class));
    }

    @Test
    void a_thread_that_is_interrupted_while_it_waits_stays_interrupted() throws Exception {
        EventId first = append(3).get(0).id();
        log.block();
        CompletableFuture<List<Long>> reader = CompletableFuture.supplyAsync(() -> read(first));
        log.awaitReader();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                read(first);
            } catch (EventStoreException e) {
                thrown.set(e);
            }
            isInterrupted.complete(Thread.currentThread().isInterrupted());
        });
        waiting.start();
        waiting.interrupt();

        assertThat(isInterrupted.get()).isTrue();
        assertThat(thrown.get()).hasMessage("interrupted while another thread read the log");
        log.unblock();
        assertThat(reader.get()).containsExactly(2L, 3L);
    }

    @Test
    void a_slow_read_of_one_channel_does_not_delay_another() throws Exception {
        EventId first = append(3).get(0).id();
        EventId other = log.append(List.of(NewEvent.text("b", "message", "x")))
                .events()
                .get(0)
                .id();
        log.block();
        CompletableFuture<List<Long>> slow = CompletableFuture.supplyAsync(() -> read(first));
        log.awaitReader();
        log.passes = B;

        assertThat(pages.readAfter(B, other)).isEqualTo(new Found.Events(List.of(), false));
        log.unblock();
        assertThat(slow.get()).hasSize(2);
    }

    /** Remembers the positions that were read, blocks and fails on demand. */
    private static final class Log extends ForwardingEventStore {
        final List<EventId> reads = new ArrayList<>();
        private final CountDownLatch reading = new CountDownLatch(1);
        private CountDownLatch gate = new CountDownLatch(0);
        volatile @Nullable ChannelName passes;
        volatile @Nullable Throwable failure;

        Log() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        void block() {
            gate = new CountDownLatch(1);
        }

        void unblock() {
            gate.countDown();
        }

        void awaitReader() throws InterruptedException {
            reading.await();
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            if (!channel.equals(passes)) {
                synchronized (reads) {
                    reads.add(after);
                }
                reading.countDown();
                awaitGate();
            }
            if (failure instanceof Error error) {
                throw error;
            } else if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return super.readAfter(channel, after, limit);
        }

        private void awaitGate() {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
