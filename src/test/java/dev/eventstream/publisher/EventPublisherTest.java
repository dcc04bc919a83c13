package dev.eventstream.publisher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.memory.MemoryTransaction;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class EventPublisherTest {
    private static final int MAX_DATA = 10;

    private final MemoryEventStore memory = new MemoryEventStore(Clock.systemUTC());
    private final CountingStore store = new CountingStore(memory);
    private final List<Event> announced = Collections.synchronizedList(new ArrayList<>());
    private final MetricRegistry metrics = new MetricRegistry();
    private final StoredChannels stored =
            new StoredChannels(List.of(new ChannelPattern("time"), new ChannelPattern("typing-*")));
    private final EventPublisher publisher = publisher(telling(announced::addAll));

    @Test
    void an_event_is_stored_then_announced_and_returned() {
        List<Event> sent = publisher.send(List.of(event("a", "1"), event("b", "2")));
        assertThat(sent).extracting(Event::data).containsExactly("1", "2");
        assertThat(announced).isEqualTo(sent);
        assertThat(log("a")).containsExactly(sent.get(0));
        assertThat(log("b")).containsExactly(sent.get(1));
    }

    @Test
    void events_sent_together_are_in_one_commit() {
        publisher.send(IntStream.range(0, 600).mapToObj(i -> event("a", "" + i)).toList());
        assertThat(store.commits).hasValue(1);
        assertThat(log("a")).hasSize(600);
    }

    @Test
    void sending_no_events_does_nothing() {
        assertThat(publisher.send(List.of())).isEmpty();
        assertThat(store.commits).hasValue(0);
        assertThat(announced).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void whoever_sends_at_once_ids_are_announced_in_order_and_none_is_missing(int senders) throws InterruptedException {
        int each = 960 / senders;
        CountDownLatch allAreHere = new CountDownLatch(senders);
        store.trouble = () -> awaitZero(allAreHere);
        store.latencyNanos = 500_000;
        ConcurrentLinkedQueue<Event> returned = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, senders)
                .mapToObj(sender -> new Thread(() -> {
                    allAreHere.countDown();
                    IntStream.range(0, each)
                            .forEach(i -> returned.addAll(publisher.send(List.of(event("a", sender + "." + i)))));
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(announced)
                .extracting(event -> event.id().sequence())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 960).boxed().toList());
        assertThat(log("a")).isEqualTo(announced);
        assertThat(returned).containsExactlyInAnyOrderElementsOf(announced);
        assertThat(store.commits.get()).as("commits of %d senders", senders).isLessThanOrEqualTo(mostCommits(senders));
        assertThat(metrics.timer("eventstream.append").getCount()).isEqualTo(store.commits.get());
        assertThat(metrics.meter("eventstream.events.sent").getCount()).isEqualTo(960);
    }

    private static void awaitZero(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A quarter of what perfect sharing would save, because this machine may have other work. */
    private static int mostCommits(int senders) {
        return senders == 1 ? 960 : 4 * 960 / senders;
    }

    @Test
    void events_of_unstored_channels_are_only_announced_and_keep_their_order_among_stored_ones() {
        List<Event> sent = publisher.send(
                List.of(event("time", "12:00"), event("a", "1"), event("typing-7", "bob"), event("a", "2")));
        assertThat(sent).extracting(Event::data).containsExactly("12:00", "1", "bob", "2");
        assertThat(sent).extracting(Event::isStored).containsExactly(false, true, false, true);
        assertThat(sent.get(0).id()).isEqualTo(EventId.NONE);
        assertThat(announced).extracting(Event::data).containsExactly("1", "2", "12:00", "bob");
        assertThat(log("a")).hasSize(2);
        assertThat(log("time")).isEmpty();
    }

    @Test
    void unstored_channels_do_not_need_the_store() {
        store.trouble = fail("down", Outcome.NOT_STORED);
        assertThat(publisher.send(List.of(event("time", "12:00")))).hasSize(1);
        assertThat(announced).hasSize(1);
        assertThat(store.commits).hasValue(0);
    }

    @Test
    void events_that_could_not_be_stored_are_not_announced_nor_are_unstored_events_sent_with_them() {
        store.trouble = fail("down", Outcome.NOT_STORED);
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> publisher.send(List.of(event("time", "12:00"), event("a", "1"))))
                .withMessage("down")
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
        assertThat(announced).isEmpty();
    }

    @Test
    void an_unknown_outcome_is_not_tried_again() {
        store.trouble = fail("cut", Outcome.UNKNOWN);
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> publisher.send(List.of(event("a", "1"))))
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(store.commits).hasValue(1);
        assertThat(announced).isEmpty();
    }

    @Test
    void a_repeated_key_returns_the_event_that_was_stored_first() {
        NewEvent keyed = event("a", "1").withIdempotencyKey("k");
        Event first = publisher.send(List.of(keyed)).get(0);
        assertThat(publisher.send(List.of(keyed, event("a", "2")))).startsWith(first);
        assertThat(log("a")).extracting(Event::data).containsExactly("1", "2");
    }

    @Test
    void data_of_the_longest_size_is_sent_and_one_character_more_is_not() {
        publisher.send(List.of(event("a", "x".repeat(MAX_DATA))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publisher.send(List.of(event("a", "ok"), event("a", "y".repeat(MAX_DATA + 1)))))
                .withMessage("event of type \"message\" with 11 characters for channel \"a\" is too long;"
                        + " eventStream.limits.dataCharacters allows 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publisher.send(List.of(event("time", "y".repeat(MAX_DATA + 1)))));
        try (MemoryTransaction transaction = memory.begin()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> publisher.send(transaction, List.of(event("a", "y".repeat(MAX_DATA + 1)))));
        }
        assertThat(log("a")).extracting(Event::data).containsExactly("x".repeat(MAX_DATA));
    }

    // ---- the application's transaction

    @Test
    void nothing_is_announced_before_the_application_commits() {
        try (MemoryTransaction transaction = memory.begin()) {
            List<Event> pending = publisher.send(transaction, List.of(event("a", "1"), event("time", "12:00")));
            List<Event> more = publisher.send(transaction, List.of(event("a", "2")));
            assertThat(announced).isEmpty();
            assertThat(log("a")).isEmpty();
            transaction.commit();
            assertThat(announced).containsExactly(pending.get(0), pending.get(1), more.get(0));
            assertThat(log("a")).containsExactly(pending.get(0), more.get(0));
        }
    }

    @Test
    void nothing_is_announced_after_a_rollback() {
        Event before = publisher.send(List.of(event("a", "1"))).get(0);
        announced.clear();
        try (MemoryTransaction transaction = memory.begin()) {
            assertThat(publisher.send(transaction, List.of(event("a", "2"), event("time", "12:00"))))
                    .hasSize(2);
        }
        assertThat(announced).isEmpty();
        assertThat(publisher.send(List.of(event("a", "3"))).get(0).previous()).isEqualTo(before.id());
    }

    @Test
    void an_announcer_that_throws_does_not_affect_the_application_s_commit() {
        EventPublisher troubled = publisher(events -> {
            throw new IllegalStateException("announcer");
        });
        try (MemoryTransaction transaction = memory.begin()) {
            assertThat(troubled.send(transaction, List.of(event("a", "1")))).hasSize(1);
            transaction.commit();
        }
        assertThat(log("a")).hasSize(1);
    }

    @Test
    void a_plain_send_is_refused_at_once_while_the_thread_has_sent_in_an_open_transaction() {
        try (MemoryTransaction transaction = memory.begin()) {
            publisher.send(transaction, List.of(event("a", "1")));
            assertThatIllegalStateException()
                    .isThrownBy(() -> publisher.send(List.of(event("a", "2"))))
                    .withMessageContaining("eventStream.in(handle).send(…)");
            assertThat(store.commits).hasValue(0);
            assertThat(publisher.send(List.of(event("time", "12:00"))))
                    .as("it needs no lock")
                    .hasSize(1);
            transaction.commit();
        }
        assertThat(publisher.send(List.of(event("a", "2")))).hasSize(1);
    }

    @Test
    void a_transaction_that_stores_nothing_does_not_block_plain_sends() {
        try (MemoryTransaction transaction = memory.begin()) {
            publisher.send(transaction, List.of(event("time", "12:00")));
            assertThat(publisher.send(List.of(event("a", "1")))).hasSize(1);
            transaction.commit();
        }
        assertThat(announced).extracting(Event::data).containsExactly("1", "12:00");
    }

    @Test
    void events_of_the_application_s_transactions_are_announced_on_a_separate_thread() {
        List<Runnable> tasks = new ArrayList<>();
        EventPublisher later = announcingOn(tasks::add);
        try (MemoryTransaction transaction = memory.begin()) {
            later.send(transaction, List.of(event("a", "1")));
            transaction.commit();
        }
        assertThat(announced).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(announced).extracting(Event::data).containsExactly("1");
    }

    @Test
    void a_commit_while_the_node_stops_does_not_fail() {
        EventPublisher stopping = announcingOn(task -> {
            throw new RejectedExecutionException();
        });
        try (MemoryTransaction transaction = memory.begin()) {
            stopping.send(transaction, List.of(event("a", "1")));
            transaction.commit();
        }
        assertThat(log("a")).hasSize(1);
    }

    private EventPublisher announcingOn(Executor afterCommit) {
        return new EventPublisher(
                store,
                stored,
                new Announcements(List.of(telling(announced::addAll)), metrics),
                new SendSettings(MAX_DATA, SendSettings.DEFAULT_TIMEOUT),
                afterCommit,
                Ticker.systemTicker(),
                metrics);
    }

    @Test
    void gauges_show_waiting_sends_and_the_publisher_reports_long_waits() {
        assertThat(publisher.waitingLong()).isEmpty();
        store.trouble = () -> {
            assertThat(gauge("eventstream.sends.waiting")).isEqualTo(1);
            assertThat(gauge("eventstream.sends.waiting-for-locks")).isEqualTo(0);
        };
        publisher.send(List.of(event("a", "1")));
        assertThat(gauge("eventstream.sends.waiting")).isEqualTo(0);
    }

    private Object gauge(String name) {
        return requireNonNull(metrics.getGauges().get(name)).getValue();
    }

    // ---- announcers

    @Test
    void announcers_run_in_order_and_one_that_throws_does_not_affect_the_others() {
        List<String> told = new ArrayList<>();
        EventPublisher troubled = publisher(
                telling(events -> told.add("first")),
                events -> {
                    throw new IllegalStateException("announcer");
                },
                events -> {
                    throw new NoClassDefFoundError("org/zeromq/ZMQ");
                },
                telling(events -> told.add("last")));
        assertThat(troubled.send(List.of(event("a", "1")))).hasSize(1);
        assertThat(troubled.send(List.of(event("time", "12:00")))).hasSize(1);
        assertThat(told).containsExactly("first", "last", "first", "last");
        assertThat(metrics.meter("eventstream.announce.failures").getCount()).isEqualTo(4);
    }

    @Test
    void the_log_reports_when_an_announcer_begins_to_fail_and_when_it_recovers() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(IsolatedAnnouncer.class);
        lines.start();
        logger.addAppender(lines);
        try {
            FlakyAnnouncer flaky = new FlakyAnnouncer();
            EventPublisher troubled = publisher(flaky);
            for (boolean broken : List.of(false, true, true, true, false, false, true)) {
                flaky.broken = broken;
                assertThat(troubled.send(List.of(event("a", "secret")))).hasSize(1);
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        tuple(Level.ERROR, "Announcer FlakyAnnouncer is failing; its readers get events late"),
                        tuple(Level.INFO, "Announcer FlakyAnnouncer works again"),
                        tuple(Level.ERROR, "Announcer FlakyAnnouncer is failing; its readers get events late"));
    }

    private static final class FlakyAnnouncer implements Announcer {
        private boolean broken;

        @Override
        public CompletableFuture<Void> announce(List<Event> events) {
            if (broken) {
                throw new IllegalStateException("flaky");
            }
            return DONE;
        }
    }

    // ---- the store, with a counter and a fault

    private static final class CountingStore extends ForwardingEventStore {
        private final AtomicInteger commits = new AtomicInteger();
        private volatile long latencyNanos;
        private volatile Runnable trouble = () -> {};

        CountingStore(MemoryEventStore memory) {
            super(memory);
        }

        @Override
        public Appended append(List<NewEvent> events, Duration maxLockWait) {
            commits.incrementAndGet();
            LockSupport.parkNanos(latencyNanos);
            trouble.run();
            return super.append(events, maxLockWait);
        }
    }

    private static Runnable fail(String message, Outcome outcome) {
        return () -> {
            throw new EventStoreException(message, outcome, new IllegalStateException());
        };
    }

    private static Announcer telling(Consumer<List<Event>> told) {
        return events -> {
            told.accept(events);
            return Announcer.DONE;
        };
    }

    private EventPublisher publisher(Announcer... announcers) {
        return new EventPublisher(store, stored, new Announcements(List.of(announcers), metrics), MAX_DATA, metrics);
    }

    private List<Event> log(String channel) {
        EventPage page = memory.readAfter(new ChannelName(channel), EventId.NONE, new PageLimit(10_000, 1_000_000));
        return ((EventPage.Range) page).events();
    }

    private static NewEvent event(String channel, String data) {
        return NewEvent.text(channel, "message", data);
    }
}
