package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.sink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.subscriber.Subscription.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamCatchUpTest {
    private final TestShard shard = new TestShard(1);

    private Subscription streamAt(Event event) {
        return TestEvents.subscription(Reader.anonymous(), TestNode.at(event), shard.memory, A);
    }

    private Outcome catchUp(Subscription stream) {
        boolean[] isReported = new boolean[1];
        shard.catchUp.start(stream, () -> isReported[0] = stream.hasReport());
        shard.executor.runAll();
        assertThat(isReported[0]).isTrue();
        return stream.takeOutcome().orElseThrow();
    }

    /** Events that each fill a page. */
    private List<Event> storeLarge(int count) {
        String[] data = new String[count];
        Arrays.fill(data, "x".repeat(20_000));
        return shard.store(A, data);
    }

    @Test
    void a_stream_gets_what_it_missed_up_to_the_end_of_the_log() {
        List<Event> events = shard.store(A, "1", "2", "3");
        Subscription stream = streamAt(events.get(0));

        assertThat(catchUp(stream)).isEqualTo(Outcome.CAUGHT_UP);
        assertThat(sink(stream).data()).containsExactly("2", "3");
        assertThat(stream.position()).isEqualTo(TestNode.at(events.get(2)));
        assertThat(shard.registry.meter("eventstream.catch-ups").getCount()).isEqualTo(1);
        assertThat(shard.registry.meter("eventstream.events.delivered").getCount())
                .isEqualTo(2);
    }

    @Test
    void a_task_ends_after_16_pages_because_other_streams_wait() {
        List<Event> events = storeLarge(20);
        Subscription stream = streamAt(events.get(0));
        assertThat(catchUp(stream)).isEqualTo(Outcome.MORE);
        assertThat(sink(stream).data()).hasSize(16);
        assertThat(stream.position()).isEqualTo(TestNode.at(events.get(16)));

        assertThat(catchUp(stream)).isEqualTo(Outcome.CAUGHT_UP);
        assertThat(sink(stream).data()).hasSize(19);
    }

    @Test
    void a_page_that_is_refused_is_handed_out_again_later() {
        List<Event> events = storeLarge(5);
        Subscription stream = streamAt(events.get(0));
        sink(stream).stopReading(1);
        assertThat(catchUp(stream)).isEqualTo(Outcome.REFUSED);
        assertThat(stream.position()).isEqualTo(TestNode.at(events.get(1)));
        sink(stream).read();

        assertThat(catchUp(stream)).isEqualTo(Outcome.CAUGHT_UP);
        assertThat(sink(stream).data()).hasSize(4);
    }

    @Test
    void without_memory_for_a_page_nothing_is_offered() {
        Subscription stream = streamAt(shard.store(A, "1", "2").get(0));
        shard.memory.reserve(shard.memory.limit());

        assertThat(catchUp(stream)).isEqualTo(Outcome.NO_MEMORY);
        assertThat(sink(stream).offers()).isZero();
    }

    @Test
    void a_stream_that_has_ended_gets_no_further_page() {
        Subscription stream = streamAt(shard.store(A, "1", "2").get(0));
        sink(stream).disconnect();
        catchUp(stream);

        assertThat(sink(stream).offers()).isZero();
    }

    @Test
    void whatever_a_sink_throws_is_a_failure_of_its_stream_and_leaves_no_memory_in_use() {
        shard.load(A);
        List<Event> events = shard.announce(A, "1", "2");
        long used = shard.memory.used();
        Subscription stream = streamAt(events.get(0));
        sink(stream).throwOnOffer(new StackOverflowError("test"));

        assertThat(catchUp(stream)).isEqualTo(Outcome.FAILED);
        assertThat(shard.memory.used()).isEqualTo(used);
        assertThat(stream.position()).isEqualTo(TestNode.at(events.get(0)));
    }
}
