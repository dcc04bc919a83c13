package dev.eventstream.benchmarks.inner;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.benchmarks.database.Tables;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A send without disk, network or readers, which leaves only the work of the bundle itself. {@code none} are events of an unstored channel,
 * {@code memory} is the store in memory, and {@code h2} is JDBI and H2 in memory.
 * Its log grows all the time, because a trim would count, too.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SendBenchmark {
    private static final String URL = "jdbc:h2:mem:send;DB_CLOSE_DELAY=-1";
    private static final String CHANNEL = "orders";

    @Param({"none", "memory", "h2"})
    public String store = "none";

    private EventStore events = MemoryEventStore.keepingLast(10_000, Clock.systemUTC());
    private EventPublisher publisher = publisher(List.of());
    private List<NewEvent> one = List.of();
    private List<NewEvent> hundred = List.of();

    @Setup
    public void prepare() throws Exception {
        if (store.equals("h2")) {
            Tables.create(DriverManager.getConnection(URL));
            // one connection that stays open, as in a pool
            events = new JdbiEventStore(Jdbi.create(DriverManager.getConnection(URL)), Clock.systemUTC(), false);
        }
        publisher = publisher(store.equals("none") ? List.of(new ChannelPattern(CHANNEL)) : List.of());
        one = List.of(NewEvent.text(CHANNEL, "message", "x".repeat(100)));
        hundred = Stream.generate(() -> one.get(0)).limit(100).toList();
    }

    private EventPublisher publisher(List<ChannelPattern> unstored) {
        MetricRegistry metrics = new MetricRegistry();
        return new EventPublisher(
                events, new StoredChannels(unstored), new Announcements(List.of(), metrics), 65_536, metrics);
    }

    @Benchmark
    public List<Event> send() {
        return publisher.send(one);
    }

    @Benchmark
    public List<Event> sendAllOf100() {
        return publisher.send(hundred);
    }
}
