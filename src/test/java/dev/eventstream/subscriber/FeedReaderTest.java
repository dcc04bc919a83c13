package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.ManualExecutor;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedReaderTest {
    private final FailingStore log = new FailingStore();
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final ManualExecutor executor = new ManualExecutor();
    private final List<ChannelFeed> moved = new ArrayList<>();
    private final ChannelFeed feed = new ChannelFeed(A);
    private final FeedReader reader = new FeedReader(
            new SharedPages(log, memory, new SettableTicker()),
            new RecentEvents(memory),
            executor,
            new LogTrouble(),
            moved::add);

    private EventId append(int count) {
        return log.append(IntStream.range(0, count)
                        .mapToObj(i -> NewEvent.text("a", "message", "x"))
                        .toList())
                .events()
                .get(count - 1)
                .id();
    }

    @Test
    void a_feed_moves_to_the_end_of_the_log_page_by_page() {
        feed.loaded(LogEnd.open(EventId.NONE));
        EventId newest = append(600);
        reader.read(feed);
        executor.runNext();
        assertThat(feed.last().orElseThrow().sequence()).isEqualTo(256);
        executor.runAll();

        assertThat(feed.last()).contains(newest);
        assertThat(moved).containsExactly(feed, feed, feed);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void a_page_with_which_the_log_ends_is_the_last_one_that_is_read() {
        feed.loaded(LogEnd.open(append(300)));
        EventId newest = append(3);
        log.reads = 0;
        reader.read(feed);
        executor.runAll();

        assertThat(feed.last()).contains(newest);
        assertThat(log.reads).isEqualTo(1);
        // the page from 256 on is shared, and does not have the next event
        EventId next = append(1);
        reader.read(feed);
        executor.runAll();
        assertThat(feed.last()).contains(next);
        assertThat(log.reads).isEqualTo(2);
    }

    @Test
    void one_task_reads_a_feed_and_looks_again_if_it_was_asked_meanwhile() {
        feed.loaded(LogEnd.open(EventId.NONE));
        reader.read(feed);
        reader.read(feed);
        reader.read(feed);
        assertThat(executor.waiting()).isEqualTo(1);
        executor.runNext();
        assertThat(executor.waiting()).isEqualTo(1);
        executor.runNext();

        assertThat(executor.waiting()).isZero();
        assertThat(moved).isEmpty();
        assertThat(log.reads).isEqualTo(2);
        reader.read(feed);
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void a_feed_that_is_not_loaded_is_not_read() {
        reader.read(feed);

        assertThat(executor.waiting()).isZero();
    }

    @Test
    void a_feed_whose_position_is_gone_is_reset_to_where_the_log_stands() {
        feed.loaded(LogEnd.open(new EventId("gone", 300)));
        EventId newest = append(3);
        reader.read(feed);
        executor.runAll();

        assertThat(feed.last()).contains(newest);
        assertThat(moved).containsExactly(feed);
    }

    @Test
    void a_read_that_fails_is_tried_again_only_when_it_is_time() {
        feed.loaded(LogEnd.open(EventId.NONE));
        EventId newest = append(1);
        log.failure = new EventStoreException("down");
        reader.read(feed);
        executor.runAll();
        reader.read(feed);
        assertThat(executor.waiting()).isZero();
        reader.retryFailed();
        executor.runAll();
        log.failure = null;
        reader.retryFailed();
        executor.runAll();

        assertThat(feed.last()).contains(newest);
        reader.retryFailed();
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void an_error_reaches_the_executor_and_the_read_is_tried_again() {
        feed.loaded(LogEnd.open(EventId.NONE));
        EventId newest = append(1);
        log.failure = new OutOfMemoryError("test");
        reader.read(feed);
        assertThatThrownBy(executor::runAll).isInstanceOf(OutOfMemoryError.class);
        log.failure = null;
        reader.retryFailed();
        executor.runAll();

        assertThat(feed.last()).contains(newest);
    }

    @Test
    void a_task_for_which_there_is_no_memory_is_tried_again() {
        feed.loaded(LogEnd.open(EventId.NONE));
        EventId newest = append(1);
        executor.failOnce(new OutOfMemoryError("test"));
        assertThatThrownBy(() -> reader.read(feed)).isInstanceOf(OutOfMemoryError.class);
        reader.retryFailed();
        executor.runAll();

        assertThat(feed.last()).contains(newest);
    }

    @Test
    void a_node_that_shuts_down_reads_no_more() {
        feed.loaded(LogEnd.open(EventId.NONE));
        executor.shutDown();
        reader.read(feed);
        reader.read(feed);
        reader.retryFailed();

        assertThat(executor.waiting()).isZero();
    }
}
