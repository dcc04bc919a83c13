package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.loop.ManualExecutor;
import dev.eventstream.subscriber.Subscription.Outcome;
import dev.eventstream.subscriber.Subscription.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpQueueTest {
    private static final int TURNS = 2;

    private final TestShard shard = new TestShard(TURNS);
    private final List<Event> events = shard.store(A, "1", "2");
    private final ManualExecutor executor = shard.executor;
    private final MemoryBudget memory = shard.memory;
    private final CatchUpQueue queue = shard.catchUps;

    private Subscription stream() {
        return subscription(Reader.anonymous(), TestNode.at(events.get(0)), memory, A);
    }

    private int waitingByMetric() {
        return (Integer) shard.registry
                .getGauges((name, metric) -> name.equals("eventstream.catch-ups.waiting"))
                .values()
                .iterator()
                .next()
                .getValue();
    }

    private Subscription waiting() {
        Subscription stream = stream();
        queue.add(stream);
        return stream;
    }

    @Test
    void streams_catch_up_in_the_order_in_which_they_came_as_far_as_there_are_turns() {
        Subscription first = waiting();
        Subscription second = waiting();
        Subscription third = waiting();
        queue.startTasks();
        assertThat(executor.waiting()).isEqualTo(TURNS);
        assertThat(first.state()).isEqualTo(State.CATCHING_UP);
        assertThat(second.state()).isEqualTo(State.CATCHING_UP);
        assertThat(queue.contains(first)).isFalse();
        assertThat(queue.contains(third)).isTrue();
        assertThat(waitingByMetric()).isEqualTo(1);
        executor.runNext();
        assertThat(shard.woken).containsExactly(first);
        assertThat(first.takeOutcome()).contains(Outcome.CAUGHT_UP);
        assertThat(sink(first).data()).containsExactly("2");
        queue.startTasks();
        assertThat(queue.contains(third)).isTrue();

        queue.ended(first);
        queue.startTasks();
        assertThat(third.state()).isEqualTo(State.CATCHING_UP);
        assertThat(queue.contains(third)).isFalse();
    }

    @Test
    void no_task_starts_while_memory_is_short() {
        Subscription stream = waiting();
        memory.reserve(memory.limit());
        queue.startTasks();
        assertThat(executor.waiting()).isZero();
        assertThat(queue.contains(stream)).isTrue();
        memory.release(memory.limit());
        queue.startTasks();

        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void a_delayed_stream_waits_for_the_next_retry() {
        Subscription stream = stream();
        queue.delay(stream);
        assertThat(queue.contains(stream)).isTrue();
        queue.startTasks();
        assertThat(executor.waiting()).isZero();
        queue.retryDelayed();
        queue.startTasks();
        assertThat(executor.waiting()).isEqualTo(1);
        assertThat(queue.contains(stream)).isFalse();
        queue.retryDelayed();
        assertThat(queue.contains(stream)).isFalse();
    }

    @Test
    void a_stream_that_is_over_does_not_catch_up() {
        Subscription stream = waiting();
        Subscription delayed = stream();
        queue.delay(delayed);
        assertThat(waitingByMetric()).isEqualTo(2);
        queue.remove(stream);
        queue.remove(delayed);
        assertThat(waitingByMetric()).isZero();
        queue.retryDelayed();
        queue.startTasks();

        assertThat(executor.waiting()).isZero();
        assertThat(queue.contains(stream)).isFalse();
        assertThat(queue.contains(delayed)).isFalse();
    }

    @Test
    void a_task_whose_report_was_not_noticed_is_found() {
        Subscription stream = waiting();
        Subscription other = waiting();
        queue.startTasks();
        assertThat(queue.reported()).isEmpty();
        executor.runNext();
        assertThat(queue.reported()).containsExactly(stream);
        sink(other).disconnect();
        assertThat(queue.reported()).containsExactly(stream, other);
        queue.ended(stream);

        assertThat(queue.reported()).containsExactly(other);
    }

    @Test
    void a_stream_whose_task_finds_no_memory_ends_and_takes_no_turn() {
        executor.failOnce(new OutOfMemoryError("test"));
        Subscription failed = waiting();
        assertThatThrownBy(queue::startTasks).isInstanceOf(OutOfMemoryError.class);
        assertThat(sink(failed).closed()).isEqualTo(CloseReason.FAILED);
        waiting();
        waiting();
        queue.startTasks();

        assertThat(executor.waiting()).isEqualTo(TURNS);
    }

    @Test
    void a_node_that_shuts_down_starts_no_task() {
        executor.shutDown();
        Subscription stream = waiting();
        queue.startTasks();

        assertThat(sink(stream).closed()).isNull();
        assertThat(queue.contains(stream)).isFalse();
        assertThat(queue.reported()).isEmpty();
    }
}
