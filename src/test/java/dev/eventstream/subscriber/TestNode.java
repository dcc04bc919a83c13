package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.loop.ManualExecutor;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.testing.SettableClock;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamView;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fan-out without threads: shards, catch-up tasks and time move when the test says so. Channels that begin with {@code live} are not
 * stored. Confined to the test's thread.
 */
final class TestNode {
    static final int CATCH_UP_THREADS = 2;
    private static final int ROUNDS = 30;
    private static final Duration NEVER = Duration.ofDays(10_000);

    /** When the credentials of the streams that are opened next expire. */
    Instant validUntil = Instant.MAX;

    final SettableTicker ticker = new SettableTicker();
    final ManualExecutor catchUp = new ManualExecutor();
    final ManualExecutor permissions = new ManualExecutor();
    final ManualExecutor rechecks = new ManualExecutor();
    final SettableClock clock = new SettableClock();
    final MetricRegistry metrics = new MetricRegistry();
    final Heartbeats heartbeats = new Heartbeats(ticker, metrics);
    final MemoryBudget memory;
    private final EventStore store;
    private final Fanout fanout;
    private final List<ShardThread> shards = new ArrayList<>();

    /** The authorizer's answers; by default yes. */
    BiPredicate<Reader, ChannelName> mayRead = (reader, channel) -> true;

    TestNode(EventStore store) {
        this(store, 1, 16 << 20);
    }

    TestNode(EventStore store, int shardCount, long memoryBytes) {
        this(store, shardCount, memoryBytes, NEVER, NEVER);
    }

    /** A node with one shard on which streams are rechecked and end. */
    TestNode(EventStore store, Duration recheck, Duration maxAge) {
        this(store, 1, 16 << 20, recheck, maxAge);
    }

    private TestNode(EventStore store, int shardCount, long memoryBytes, Duration recheck, Duration maxAge) {
        this.store = store;
        this.memory = new MemoryBudget(memoryBytes);
        this.fanout = new Fanout(
                store,
                new StoredChannels(List.of(new ChannelPattern("live*")), List.of(new ChannelPattern("latest*"))),
                (reader, channel) -> mayRead.test(reader, channel),
                ReadersByName.none(),
                new FanoutResources(
                        catchUp,
                        CATCH_UP_THREADS,
                        permissions,
                        rechecks,
                        new StreamTerms(recheck, maxAge, clock),
                        shardCount,
                        memory,
                        Duration.ofSeconds(1),
                        EventTracing.OFF,
                        ticker,
                        heartbeats),
                metrics);
        fanout.start(thread -> shards.add((ShardThread) thread));
    }

    Fanout fanout() {
        return fanout;
    }

    /** Runs everything that waits, except catch-up and permission tasks. */
    void runShards() {
        shards.forEach(ShardThread::runRound);
    }

    /** Runs everything that waits until nothing more happens; time does not move. */
    void settle() {
        for (int i = 0; i < ROUNDS; i++) {
            runShards();
            catchUp.runAll();
            permissions.runAll();
            rechecks.runAll();
        }
    }

    /** Moves time and lets everything happen that is due. */
    void pass(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 250) {
            ticker.advance(Duration.ofMillis(250));
            settle();
        }
    }

    /** Opens a stream at the newest positions of its channels. */
    TestSink open(String... channels) {
        return open(Reader.anonymous(), null, channels);
    }

    /** Opens a stream at the newest positions that shows only some events. */
    TestSink open(StreamView view, String... channels) {
        TestSink sink = subscribe(view, null, channels);
        settle();
        return sink;
    }

    TestSink open(Reader reader, @Nullable LastEventId from, String... channels) {
        TestSink sink = subscribe(reader, from, channels);
        settle();
        return sink;
    }

    /** As above, but nothing runs yet. */
    TestSink subscribe(Reader reader, @Nullable LastEventId from, String... channels) {
        return subscribe(StreamView.of(reader), from, channels);
    }

    private TestSink subscribe(StreamView view, @Nullable LastEventId from, String... channels) {
        List<ChannelName> names =
                Stream.of(channels).map(ChannelName::new).sorted().toList();
        LastEventId position = from == null ? newest(names) : from;
        HoldInstruction instruction =
                new HoldInstruction(names, position, view, new Admission(ticker.read(), validUntil));
        return fanout.subscribe(instruction, listener -> new TestSink(listener, memory));
    }

    private LastEventId newest(List<ChannelName> channels) {
        return fanout.streamStart()
                .begin(channels, LastEventId.EMPTY, StartLimit.NOW, StreamView.of(Reader.anonymous()))
                .start();
    }

    /** Stores events of a channel and announces them. */
    List<Event> send(String channel, String... data) {
        List<Event> events = store(channel, data);
        CompletableFuture<Void> unused = fanout.announce(events);
        return events;
    }

    /** Stores events of a channel without an announcement. */
    List<Event> store(String channel, String... data) {
        return store.append(Stream.of(data)
                        .map(text -> NewEvent.text(channel, "message", text))
                        .toList())
                .events();
    }

    /** Announces events of an unstored channel. */
    void sendUnstored(String channel, String... data) {
        CompletableFuture<Void> unused = fanout.announce(Stream.of(data)
                .map(text -> Event.unstored(NewEvent.text(channel, "message", text)))
                .toList());
    }

    /** Numbers as event data, from the first up to, but not including, the last. */
    static String[] numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    static LastEventId at(Event event) {
        return LastEventId.of(Map.of(event.channel(), event.id()));
    }

    static LastEventId at(Event... events) {
        Map<ChannelName, EventId> positions = new HashMap<>();
        for (Event event : events) {
            positions.put(event.channel(), event.id());
        }
        return LastEventId.of(positions);
    }

    static Reader user(String name) {
        return Reader.of((Principal) () -> name);
    }

    SortedMap<String, String> troubles() {
        return heartbeats.troubles();
    }
}
