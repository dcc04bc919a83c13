package dev.eventstream.subscriber;

import dev.eventstream.store.EventStoreException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Lets threads that need the same answer at the same time share one query. A query never answers a thread that asked after the query
 * had begun, because that thread is entitled to everything that was committed before it asked. It waits for the next query, together
 * with all threads that arrive in the meantime.
 *
 * <p>Thread-safe. No lock is held during a query, and a thread waits at most {@value #WAIT_SECONDS} s for another thread's query.
 */
final class SharedQueries<K, V> {
    static final int WAIT_SECONDS = 30;

    private final Function<K, V> query;

    /** For each key, the last query that has not ended. */
    private final Map<K, Query<V>> queries = new ConcurrentHashMap<>();

    SharedQueries(Function<K, V> query) {
        this.query = query;
    }

    /** One query. Its plain fields are guarded by the bin of the map. */
    private static final class Query<V> {
        final CompletableFuture<V> answer = new CompletableFuture<>();
        CompletableFuture<?> before = CompletableFuture.completedFuture("nothing");
        boolean hasBegun;
    }

    /**
     * The answer of a query that begins after this call.
     *
     * @throws EventStoreException if the query fails, or does not end in time
     */
    V ask(K key) {
        Query<V> mine = new Query<>();
        Query<V> shared = queries.merge(key, mine, (last, added) -> {
            if (!last.hasBegun) {
                return last;
            }
            added.before = last.answer;
            return added;
        });
        return shared == mine ? run(key, mine) : await(shared.answer);
    }

    private V run(K key, Query<V> mine) {
        try {
            await(mine.before.handle((answer, failure) -> Boolean.TRUE));
            queries.computeIfPresent(key, (same, last) -> {
                mine.hasBegun = true;
                return last;
            });
            V answer = query.apply(key);
            mine.answer.complete(answer);
            return answer;
        } catch (Throwable e) { // an Error, too: other threads wait for the answer
            mine.answer.completeExceptionally(e);
            throw e;
        } finally {
            queries.remove(key, mine);
        }
    }

    /**
     * Waits for what another thread reads.
     *
     * @throws EventStoreException if it fails, or does not end in time
     */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStoreException("interrupted while another thread read the log", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new EventStoreException("another thread could not read the log", e);
        }
    }
}
