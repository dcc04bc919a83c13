package dev.eventstream.benchmarks.inner;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Epochs;
import dev.eventstream.stream.EventStreamEncoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Texts that are read and written: event data, ids, names. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TextBenchmark {
    private final String data = "x".repeat(100);
    private final Event oneLine = event("x".repeat(100));
    private final Event tenLines = event("xxxxxxxxx\n".repeat(10));
    private final String encodedName = new ChannelName("Bestellungen für Köln").encoded();
    private final ChannelName name = new ChannelName("Bestellungen für Köln");
    private final EventId id = new EventId("k3f9x2", 123_456);

    private static Event event(String data) {
        return Event.stored(NewEvent.text("orders", "message", data), new EventId("k3f9x2", 123_456));
    }

    @Benchmark
    public NewEvent newEventOf100Characters() {
        return NewEvent.text("orders", "message", data);
    }

    @Benchmark
    public byte[] bodyOf100Characters() {
        return EventStreamEncoder.body(oneLine);
    }

    @Benchmark
    public byte[] bodyOf10Lines() {
        return EventStreamEncoder.body(tenLines);
    }

    @Benchmark
    public EventId parseEventId() {
        return EventId.parse("k3f9x2-123456");
    }

    @Benchmark
    public String writeEventId() {
        return id.toString();
    }

    @Benchmark
    public LastEventId parseLastEventIdOf1Channel() {
        return LastEventId.parse("orders=k3f9x2-123456");
    }

    @Benchmark
    public String encodeName() {
        return name.encoded();
    }

    @Benchmark
    public ChannelName decodeName() {
        return ChannelName.decode(encodedName);
    }

    @Benchmark
    public String newEpoch() {
        return Epochs.next();
    }
}
