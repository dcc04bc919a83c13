package dev.eventstream.benchmarks.inner;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A reader's position in several channels: reads it from a request, and writes it to an id line. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PositionBenchmark {
    @Param({"2", "20", "250"})
    public int channels;

    private LastEventId position = LastEventId.EMPTY;
    private String wire = "";
    private final ChannelName changed = new ChannelName("channel-1");
    private final EventId next = new EventId("k3f9x2", 123_457);

    @Setup
    public void prepare() {
        Map<ChannelName, EventId> positions = new HashMap<>();
        for (int i = 0; i < channels; i++) {
            positions.put(new ChannelName("channel-" + i), new EventId("k3f9x2", 123_456));
        }
        position = LastEventId.of(positions);
        wire = position.toString();
    }

    @Benchmark
    public LastEventId parse() {
        return LastEventId.parse(wire);
    }

    @Benchmark
    public byte[] idLine() {
        return EventStreamEncoder.id(position);
    }

    @Benchmark
    public LastEventId advance() {
        return position.with(changed, next);
    }
}
