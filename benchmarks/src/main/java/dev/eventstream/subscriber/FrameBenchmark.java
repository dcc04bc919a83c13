package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Frames for streams of several channels, per event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {
    private static final int EVENTS = 100;

    @Param({"1", "20", "250"})
    public int channels;

    private LastEventId position = LastEventId.EMPTY;
    private Event event = event(0, 1);
    private final List<ChannelName> inTurn = new ArrayList<>();
    private final List<EncodedEvent> encoded = new ArrayList<>();
    private final ChannelName first = new ChannelName("channel-0");

    @Setup
    public void prepare() {
        Map<ChannelName, EventId> positions = new HashMap<>();
        for (int i = 0; i < channels; i++) {
            positions.put(new ChannelName("channel-" + i), new EventId("k3f9x2", 1));
        }
        position = LastEventId.of(positions);
        for (int i = 0; i < EVENTS; i++) {
            event = event(i % channels, 2 + i);
            inTurn.add(event.channel());
            encoded.add(new EncodedEvent(event));
        }
    }

    private static Event event(int channel, long sequence) {
        return Event.stored(
                NewEvent.text("channel-" + channel, "message", "x".repeat(100)), new EventId("k3f9x2", sequence));
    }

    /** Once per event and node. */
    @Benchmark
    public Object encode() {
        return new EncodedEvent(event);
    }

    /** One event, which is what a stream gets if events arrive one by one. */
    @Benchmark
    public byte[] oneEvent() {
        FrameWriter frames = new FrameWriter(position);
        frames.stored(first, encoded.get(0), false);
        LastEventId after = frames.position();
        return after.isEmpty() ? new byte[0] : frames.bytes();
    }

    /** Events of one channel at once. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public byte[] eventsOfOneChannel() {
        FrameWriter frames = new FrameWriter(position);
        for (EncodedEvent one : encoded) {
            frames.stored(first, one, false);
        }
        return frames.bytes();
    }

    /** The same number of events at once, each from a different channel than the one before, if there are several. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public byte[] eventsOfAllChannelsInTurn() {
        FrameWriter frames = new FrameWriter(position);
        for (int i = 0; i < EVENTS; i++) {
            frames.stored(inTurn.get(i), encoded.get(i), false);
        }
        return frames.bytes();
    }
}
