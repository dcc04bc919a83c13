package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.PositionReset;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StreamSurveyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final TestNode node = new TestNode(store);
    private final Queue<Runnable> queue = new ArrayDeque<>();

    /** Surveys the node's streams as an admin page does, on another thread. */
    private List<StreamInfo> survey() throws Exception {
        ExecutorService operator = Executors.newSingleThreadExecutor();
        try {
            Future<List<StreamInfo>> answer =
                    operator.submit(() -> node.fanout().survey(MINUTE));
            Awaitility.await().until(() -> {
                node.runShards();
                return answer.isDone();
            });
            return answer.get();
        } finally {
            operator.shutdownNow();
        }
    }

    private static Subscription subscription() {
        return TestEvents.subscription(
                Reader.anonymous(), LastEventId.EMPTY, new MemoryBudget(1 << 20), TestEvents.LIVE);
    }

    @Test
    void many_streams_are_described_in_parts_between_other_work() {
        List<Subscription> streams = new ArrayList<>();
        IntStream.range(0, 2 * StreamSurvey.PART + 10).forEach(i -> streams.add(subscription()));
        List<Subscription> described = new ArrayList<>();
        StreamSurvey survey = new StreamSurvey(
                stream -> {
                    described.add(stream);
                    return StreamInfo.of(stream, stream.position(), 0);
                },
                queue::add);
        survey.start(() -> streams);

        List<Integer> done = new ArrayList<>();
        while (!queue.isEmpty()) {
            queue.remove().run();
            done.add(described.size());
            streams.get(streams.size() - 1).enter(Subscription.State.ENDED);
        }
        assertThat(done).containsExactly(StreamSurvey.PART, 2 * StreamSurvey.PART, 2 * StreamSurvey.PART + 9);
        assertThat(survey.isDone()).isTrue();
        assertThat(survey.result()).isCompletedWithValueMatching(found -> found.size() == 2 * StreamSurvey.PART + 9);
    }

    @Test
    void a_survey_that_fails_ends_so_that_the_next_one_can_begin() {
        StreamSurvey survey = new StreamSurvey(
                stream -> {
                    throw new OutOfMemoryError("for the test");
                },
                queue::add);
        survey.start(() -> List.of(subscription()));

        assertThatThrownBy(() -> queue.remove().run()).isInstanceOf(OutOfMemoryError.class);
        assertThat(survey.isDone()).isTrue();
        assertThatThrownBy(() -> survey.result().get()).isInstanceOf(ExecutionException.class);
    }

    @Test
    void a_thread_that_does_not_answer_is_not_awaited_for_long() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> node.fanout().survey(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void a_stream_is_described_with_its_reader_position_and_age() throws Exception {
        List<Event> events = node.send("a", "1", "2");
        node.open(TestNode.user("ann"), TestNode.at(events.get(0)), "a", "live");
        node.pass(Duration.ofSeconds(3));
        node.send("a", "3");
        node.settle();

        StreamInfo stream = survey().get(0);
        assertThat(stream.number()).isEqualTo(1);
        assertThat(stream.reader().user()).contains("ann");
        assertThat(stream.client()).isEqualTo("unknown");
        assertThat(stream.channels()).hasSize(2);
        assertThat(stream.progress()).isEqualTo(StreamInfo.Progress.LIVE);
        assertThat(stream.age()).isEqualTo(Duration.ofSeconds(3));
        assertThat(stream.start()).isEqualTo(TestNode.at(events.get(0)));
        assertThat(stream.position().toString())
                .isEqualTo("a=" + events.get(0).id().epoch() + "-3");
        assertThat(stream.resets()).isEmpty();
        assertThat(stream.pendingBytes()).isZero();
    }

    @Test
    void a_stream_whose_client_does_not_read_is_slow() throws Exception {
        TestSink sink = node.open("a");
        sink.stopReading(1);
        node.send("a", "1");
        node.settle();
        node.send("a", "2");
        node.settle();

        StreamInfo stream = survey().get(0);
        assertThat(stream.progress()).isEqualTo(StreamInfo.Progress.SLOW);
        assertThat(stream.pendingBytes()).isPositive();
    }

    @Test
    void resets_are_remembered_and_streams_that_have_ended_are_not() throws Exception {
        List<Event> events = node.send("a", "1", "2", "3");
        assertThat(store.trim(events.get(0).channel(), TrimLimit.newest(1), 10)).isEqualTo(2);
        TestNode other = new TestNode(store);
        TestSink sink = node.open(TestNode.user("ann"), null, "a");
        sink.disconnect();
        node.settle();
        assertThat(survey()).isEmpty();

        other.open(TestNode.user("ann"), TestNode.at(events.get(0)), "a");
        ExecutorService operator = Executors.newSingleThreadExecutor();
        try {
            Future<List<StreamInfo>> answer =
                    operator.submit(() -> other.fanout().survey(MINUTE));
            Awaitility.await().until(() -> {
                other.runShards();
                return answer.isDone();
            });
            assertThat(answer.get().get(0).resets())
                    .containsExactly(new PositionReset(
                            events.get(0).channel(),
                            events.get(0).id(),
                            events.get(2).id()));
        } finally {
            operator.shutdownNow();
        }
    }
}
