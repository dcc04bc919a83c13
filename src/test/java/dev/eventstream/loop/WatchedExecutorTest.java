package dev.eventstream.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class WatchedExecutorTest {
    private final SettableTicker ticker = new SettableTicker();
    private final ManualExecutor threads = new ManualExecutor();
    private final Meter failures = new Meter();
    private final WatchedExecutor watched = new WatchedExecutor(threads, ticker, failures);
    private final List<String> ran = new ArrayList<>();

    @Test
    void a_task_that_throws_is_counted_and_the_next_one_runs() {
        watched.execute(() -> {
            throw new OutOfMemoryError("test");
        });
        watched.execute(() -> ran.add("next"));
        threads.runAll();

        assertThat(failures.getCount()).isEqualTo(1);
        assertThat(ran).containsExactly("next");
        ticker.advance(Duration.ofSeconds(100));
        assertThat(watched.trouble()).isEmpty();
    }

    @Test
    void each_task_that_ends_gives_the_others_another_minute() {
        watched.execute(() -> ran.add("1"));
        watched.execute(() -> ran.add("2"));
        ticker.advance(Duration.ofSeconds(50));
        threads.runNext();
        ticker.advance(Duration.ofSeconds(50));
        assertThat(watched.trouble()).isEmpty();
        ticker.advance(Duration.ofSeconds(11));

        assertThat(watched.trouble()).contains("has finished no task for 61 s (limit 60 s) while 1 wait or run");
    }

    @Test
    void more_tasks_give_those_that_hang_no_more_time() {
        watched.execute(() -> {});
        ticker.advance(Duration.ofSeconds(50));
        watched.execute(() -> {});
        ticker.advance(Duration.ofSeconds(11));

        assertThat(watched.trouble()).contains("has finished no task for 61 s (limit 60 s) while 2 wait or run");
    }

    @Test
    void a_task_that_is_not_taken_does_not_count() {
        threads.shutDown();
        assertThatThrownBy(() -> watched.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        ticker.advance(Duration.ofSeconds(100));

        assertThat(watched.trouble()).isEmpty();
    }
}
