package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads at once, from fixed seeds. */
class MemoryBudgetStressTest {
    private static final int THREADS = 4;
    private static final int STEPS = 50_000;
    private static final int PIECE = 1_000;
    private static final long LIMIT = 100L * PIECE;

    private final MemoryBudget memory = new MemoryBudget(LIMIT);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> List<T> onAllThreads(Callable<T> task) throws Exception {
        List<Future<T>> running = threads.invokeAll(
                IntStream.range(0, THREADS).mapToObj(i -> task).toList());
        List<T> results = new ArrayList<>();
        for (Future<T> result : running) {
            results.add(result.get());
        }
        return results;
    }

    @Test
    void threads_together_never_hold_more_than_the_limit_and_everything_is_given_back() throws Exception {
        List<Long> refusals = onAllThreads(() -> {
            Random random = new Random(1);
            int held = 0;
            long refused = 0;
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(held + 1) < 60) {
                    boolean isReserved = memory.tryReserve(PIECE);
                    held += isReserved ? 1 : 0;
                    refused += isReserved ? 0 : 1;
                    // other threads may not have taken back a refused piece yet
                    assertThat(memory.used()).isLessThanOrEqualTo(LIMIT + (THREADS - 1L) * PIECE);
                } else {
                    memory.release(PIECE);
                    held--;
                }
            }
            memory.release((long) held * PIECE);
            return refused;
        });

        assertThat(memory.used()).isZero();
        assertThat(refusals.stream().mapToLong(Long::longValue).sum()).isPositive();
    }

    @Test
    void bytes_that_many_threads_retain_and_release_count_until_the_last_of_them_lets_go() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            SharedBytes bytes = SharedBytes.reserve(new byte[PIECE], memory).orElseThrow();
            IntStream.range(0, THREADS).forEach(i -> bytes.retain());
            bytes.release();
            List<Long> usedWhileHeld = onAllThreads(() -> {
                bytes.retain();
                bytes.release();
                long used = memory.used();
                bytes.release();
                return used;
            });

            assertThat(usedWhileHeld).allSatisfy(used -> assertThat(used).isGreaterThan(PIECE));
            assertThat(memory.used()).isZero();
        }
    }
}
