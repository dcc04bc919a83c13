package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlowStreamsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final MemoryBudget memory = new MemoryBudget(1 << 20);
    private final SlowStreams slow = new SlowStreams(memory);

    /** A stream whose client has read nothing for a time. */
    private Subscription stream(long nanos) {
        Subscription subscription = subscription(Reader.anonymous(), at(1), memory, A);
        sink(subscription).stopReading(1);
        subscription.sink().offer(SharedBytes.unmetered(new byte[1]));
        sink(subscription).waits(nanos);
        return subscription;
    }

    private List<Integer> ended(List<Subscription> streams) {
        return IntStream.range(0, streams.size())
                .filter(i -> sink(streams.get(i)).closed() == CloseReason.OVERLOADED)
                .boxed()
                .toList();
    }

    @Test
    void no_stream_ends_while_there_is_room() {
        memory.reserve(memory.limit() / 8 * 7 - 1);
        List<Subscription> streams = List.of(stream(10 * SECOND));
        slow.endSlowest(streams, 0);
        assertThat(ended(streams)).isEmpty();
        memory.reserve(1);
        slow.endSlowest(streams, 0);

        assertThat(ended(streams)).containsExactly(0);
    }

    @Test
    void only_streams_whose_clients_have_read_nothing_for_more_than_a_second_end() {
        memory.reserve(memory.limit());
        List<Subscription> streams = List.of(stream(SECOND), stream(SECOND + 1), stream(0));
        slow.endSlowest(streams, 0);

        assertThat(ended(streams)).containsExactly(1);
    }

    @Test
    void the_eight_slowest_end_if_fewer_than_72_are_slow() {
        memory.reserve(memory.limit());
        assertThat(ended(endSlowestOf(71)))
                .isEqualTo(IntStream.range(63, 71).boxed().toList());
        assertThat(ended(endSlowestOf(8))).hasSize(8);
    }

    @Test
    void one_in_eight_ends_if_more_are_slow() {
        memory.reserve(memory.limit());
        assertThat(ended(endSlowestOf(80)))
                .isEqualTo(IntStream.range(70, 80).boxed().toList());
    }

    /** Streams in order of slowness, the slowest last. */
    private List<Subscription> endSlowestOf(int count) {
        List<Subscription> streams = IntStream.range(0, count)
                .mapToObj(i -> stream((i + 2) * SECOND))
                .toList();
        List<Subscription> shuffled = new ArrayList<>(streams);
        Collections.shuffle(shuffled, new Random(1));
        slow.endSlowest(shuffled, 0);
        return streams;
    }
}
