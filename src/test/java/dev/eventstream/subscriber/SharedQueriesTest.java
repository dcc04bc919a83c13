package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventstream.store.EventStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedQueriesTest {
    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Thread> asking = new ArrayList<>();
    private volatile @Nullable Error failure;

    /** Answers with its number, after the test has allowed it. */
    private final SharedQueries<String, Integer> queries = new SharedQueries<>(key -> {
        int number = begun.incrementAndGet();
        mayEnd.acquireUninterruptibly();
        Error thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
        return number;
    });

    @AfterEach
    void end() {
        mayEnd.release(1_000);
        threads.shutdownNow();
    }

    private CompletableFuture<Integer> ask(String key) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(
                () -> {
                    thread.complete(Thread.currentThread());
                    return queries.ask(key);
                },
                threads);
        asking.add(thread.join());
        return answer;
    }

    private void awaitAllWaiting() {
        await().until(() -> asking.stream()
                .allMatch(thread ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING));
    }

    @Test
    void threads_that_ask_while_a_query_runs_share_the_next_one() throws Exception {
        CompletableFuture<Integer> first = ask("a");
        await().until(() -> begun.get() == 1);
        List<CompletableFuture<Integer>> later =
                IntStream.range(0, 50).mapToObj(i -> ask("a")).toList();
        awaitAllWaiting();
        assertThat(begun).hasValue(1);
        mayEnd.release(2);

        assertThat(first.get()).isEqualTo(1);
        for (CompletableFuture<Integer> answer : later) {
            assertThat(answer.get()).isEqualTo(2);
        }
        mayEnd.release();
        assertThat(ask("a").get()).isEqualTo(3);
    }

    @Test
    void queries_with_different_keys_do_not_wait_for_one_another() throws Exception {
        CompletableFuture<Integer> a = ask("a");
        CompletableFuture<Integer> b = ask("b");
        await().until(() -> begun.get() == 2);
        mayEnd.release(2);

        assertThat(List.of(a.get(), b.get())).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void a_failure_reaches_the_threads_that_share_the_query_but_not_those_that_wait_for_the_next() throws Exception {
        CompletableFuture<Integer> first = ask("a");
        await().until(() -> begun.get() == 1);
        CompletableFuture<Integer> next = ask("a");
        awaitAllWaiting();
        failure = new OutOfMemoryError("test");
        mayEnd.release(2);

        assertThatThrownBy(first::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(next.get()).isEqualTo(2);
    }

    @Test
    void a_thread_that_shares_a_query_learns_that_it_has_failed() throws Exception {
        CompletableFuture<Integer> first = ask("a");
        await().until(() -> begun.get() == 1);
        List<CompletableFuture<Integer>> sharing = List.of(ask("a"), ask("a"));
        awaitAllWaiting();
        mayEnd.release();
        assertThat(first.get()).isEqualTo(1);
        await().until(() -> begun.get() == 2);
        failure = new OutOfMemoryError("test");
        mayEnd.release();

        for (CompletableFuture<Integer> answer : sharing) {
            assertThatThrownBy(answer::get)
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(e -> assertThat(e.getCause())
                            .isInstanceOfAny(OutOfMemoryError.class, EventStoreException.class));
        }
    }

    @Test
    void a_thread_that_is_interrupted_while_it_waits_stays_interrupted_and_the_others_get_an_answer() throws Exception {
        CompletableFuture<Integer> first = ask("a");
        await().until(() -> begun.get() == 1);
        CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            assertThatThrownBy(() -> queries.ask("a")).hasMessage("interrupted while another thread read the log");
            isInterrupted.complete(Thread.currentThread().isInterrupted());
        });
        waiting.start();
        waiting.interrupt();

        assertThat(isInterrupted.get()).isTrue();
        mayEnd.release(2);
        assertThat(first.get()).isEqualTo(1);
        assertThat(ask("a").get()).isEqualTo(2);
    }
}
