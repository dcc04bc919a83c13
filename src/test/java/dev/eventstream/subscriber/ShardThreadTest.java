package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.loop.Heartbeat;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardThreadTest {
    private final SettableTicker ticker = new SettableTicker();
    private final Heartbeats heartbeats = new Heartbeats(ticker, new MetricRegistry());
    private final Heartbeat heartbeat = heartbeats.add("test", Duration.ofSeconds(5));
    private final List<String> ran = new ArrayList<>();
    private final ShardThread thread =
            new ShardThread(() -> ran.add("after"), () -> ran.add("tick"), heartbeat, ticker);

    @Test
    void a_round_runs_tasks_in_order_then_the_work_after_them_then_the_tick_if_it_is_due() {
        thread.put(() -> ran.add("1"));
        thread.put(() -> ran.add("2"));
        thread.runRound();
        assertThat(ran).containsExactly("1", "2", "after", "tick");

        ran.clear();
        ticker.advance(Duration.ofMillis(249));
        thread.runRound();
        assertThat(ran).containsExactly("after");
        ticker.advance(Duration.ofMillis(1));
        thread.runRound();
        assertThat(ran).containsExactly("after", "after", "tick");
    }

    @Test
    void error_in_a_task_is_reported_until_a_round_succeeds_and_the_other_tasks_run() {
        heartbeat.start();
        thread.put(() -> {
            throw new OutOfMemoryError("test");
        });
        thread.put(() -> ran.add("next"));
        thread.runRound();

        assertThat(ran).contains("next", "after");
        assertThat(heartbeats.troubles()).containsKey("test");
        thread.runRound();
        assertThat(heartbeats.troubles()).isEmpty();
    }

    @Test
    void silence_is_reported_after_five_seconds() {
        heartbeat.start();
        thread.runRound();
        ticker.advance(Duration.ofMillis(5_001));
        assertThat(heartbeats.troubles()).containsKey("test");
    }

    @Test
    void somebody_who_adds_tasks_too_fast_waits_until_at_most_one_round_is_waiting() throws Exception {
        IntStream.range(0, 2_000).forEach(i -> thread.put(() -> {}));
        Thread sender = new Thread(() -> thread.awaitRoom(Duration.ofMinutes(5)));
        sender.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> sender.getState() == Thread.State.TIMED_WAITING);

        thread.runRound();
        sender.join(60_000);
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    void nobody_waits_for_longer_than_the_limit_or_on_the_thread_itself() throws Exception {
        CountDownLatch hasNotWaited = new CountDownLatch(1);
        thread.put(() -> {
            thread.awaitRoom(Duration.ofMinutes(5));
            hasNotWaited.countDown();
        });
        IntStream.range(0, 4_000).forEach(i -> thread.put(() -> {}));
        thread.awaitRoom(Duration.ofMillis(20));
        Thread runner = new Thread(thread);
        runner.start();

        assertThat(hasNotWaited.await(1, TimeUnit.MINUTES)).isTrue();
        thread.stop(Duration.ofMinutes(1));
    }

    @Test
    void thread_ends_when_it_is_stopped() throws Exception {
        Thread runner = new Thread(thread);
        runner.start();
        thread.stop(Duration.ofSeconds(30));
        runner.join(30_000);
        assertThat(runner.isAlive()).isFalse();
    }
}
