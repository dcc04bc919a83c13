package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sends to finished channels, in commits that they share with other sends. */
class FinishedSendsTest {
    private static final ChannelName JOB = new ChannelName("job");

    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final GroupCommit group = new GroupCommit(Duration.ofSeconds(60), Ticker.systemTicker());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();
    private final Semaphore gate = new Semaphore(0);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void sends_that_arrive_before_a_finish_succeed_and_those_after_it_fail_separately() {
        List<CompletableFuture<List<Event>>> sends = together(List.of(
                List.of(event("job", "before")),
                List.of(event("other", "a")),
                List.of(event("job", "last"), NewEvent.end(JOB)),
                List.of(event("job", "after")),
                List.of(event("other", "b")),
                List.of(NewEvent.end(JOB)),
                List.of(event("other", "c"), event("job", "with it"))));

        assertThat(results(sends)).containsExactly("before", "a", "last,END", "finished", "b", "END", "finished");
        assertThat(log("job")).containsExactly("before", "last", "");
        assertThat(log("other")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void any_number_of_sends_to_a_finished_channel_cost_the_others_one_more_attempt() {
        store.append(List.of(NewEvent.end(JOB)));
        List<List<NewEvent>> batch = new ArrayList<>();
        IntStream.range(0, 50).forEach(i -> batch.add(List.of(event("job", "late " + i))));
        IntStream.range(0, 50).forEach(i -> batch.add(List.of(event("other", "good " + i))));

        List<String> results = results(together(batch));

        assertThat(results.subList(0, 50)).containsOnly("finished");
        assertThat(results.subList(50, 100)).doesNotContain("finished");
        assertThat(log("other")).hasSize(50);
        assertThat(attempts).containsExactly(1, 100, 50);
    }

    @Test
    void a_repetition_succeeds_beside_a_late_send() {
        NewEvent keyed = event("job", "keyed").withIdempotencyKey("k");
        store.append(List.of(keyed, NewEvent.end(JOB)));

        assertThat(results(together(List.of(
                        List.of(event("job", "late")),
                        List.of(keyed),
                        List.of(event("job", "new").withIdempotencyKey("unknown")),
                        List.of(keyed, NewEvent.end(JOB))))))
                .containsExactly("finished", "keyed", "finished", "keyed,END");
    }

    @Test
    void each_sender_gets_a_separate_exception_that_names_the_channel() {
        store.append(List.of(NewEvent.end(JOB)));

        List<CompletableFuture<List<Event>>> sends =
                together(List.of(List.of(event("job", "1")), List.of(event("job", "2"), event("other", "x"))));

        List<Throwable> failures =
                sends.stream().map(send -> failure(send).orElseThrow()).toList();
        assertThat(failures.get(0)).isNotSameAs(failures.get(1));
        assertThat(failures).allSatisfy(failure -> {
            ChannelFinishedException finished = (ChannelFinishedException) failure;
            assertThat(finished.channels()).containsExactly(JOB);
            assertThat(finished.outcome()).isEqualTo(EventStoreException.Outcome.NOT_STORED);
            assertThat(finished).hasCauseInstanceOf(ChannelFinishedException.class);
        });
        assertThat(log("other")).isEmpty();
    }

    @Test
    void a_lone_send_to_a_finished_channel_fails() {
        store.append(List.of(NewEvent.end(JOB)));
        gate.release(10);

        assertThatThrownBy(() -> group.run(List.of(event("job", "late")), this::store))
                .isInstanceOf(ChannelFinishedException.class)
                .hasMessage(
                        "channel \"job\" is finished, so nothing was sent; eventStream.reopen(channel) opens a finished"
                                + " channel again");
        assertThat(group.run(List.of(event("other", "a")), this::store)).hasSize(1);
    }

    // ---- a store that the test controls

    /** Sends all in one commit, in this order. */
    private List<CompletableFuture<List<Event>>> together(List<List<NewEvent>> sends) {
        CompletableFuture<List<Event>> first = send(List.of(event("first", "x")));
        awaitQueued(1);
        List<CompletableFuture<List<Event>>> results = new ArrayList<>();
        for (List<NewEvent> events : sends) {
            results.add(send(events));
            awaitQueued(1 + results.size());
        }
        gate.release(1_000);
        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        return results;
    }

    private void awaitQueued(int sends) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> group.queue().size() == sends && !attempts.isEmpty());
    }

    private CompletableFuture<List<Event>> send(List<NewEvent> events) {
        return CompletableFuture.supplyAsync(() -> group.run(events, this::store), threads);
    }

    private List<Event> store(List<NewEvent> events, Duration maxLockWait) {
        attempts.add(events.size());
        gate.acquireUninterruptibly();
        return store.append(events).events();
    }

    private static List<String> results(List<CompletableFuture<List<Event>>> sends) {
        return sends.stream().map(FinishedSendsTest::result).toList();
    }

    private static String result(CompletableFuture<List<Event>> send) {
        Optional<Throwable> failure = failure(send);
        if (failure.isPresent()) {
            assertThat(failure.get()).isInstanceOf(ChannelFinishedException.class);
            return "finished";
        }
        return String.join(
                ",",
                send.join().stream()
                        .map(event -> event.isEnd() ? "END" : event.data())
                        .toList());
    }

    private static Optional<Throwable> failure(CompletableFuture<List<Event>> send) {
        return send.handle((events, thrown) -> Optional.ofNullable(thrown).map(Throwable::getCause))
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private Stream<String> log(ChannelName channel) {
        EventPage page = store.readAfter(channel, EventId.NONE, new PageLimit(10_000, 10_000_000));
        return ((EventPage.Range) page).events().stream().map(Event::data);
    }

    private List<String> log(String channel) {
        return log(new ChannelName(channel)).toList();
    }

    private static NewEvent event(String channel, String data) {
        return NewEvent.text(channel, "message", data);
    }
}
