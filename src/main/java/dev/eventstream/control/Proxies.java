package dev.eventstream.control;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.Announcer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Announces events to all proxies, each on a separate lane, so a slow or dead proxy delays neither another one nor a sender.
 *
 * <p>Thread-safe. An announcement encodes each event once, puts it in the queue of each lane, and returns.
 */
public final class Proxies implements Announcer {
    // a stream that is opening when a kick arrives is held only a moment later
    private static final List<Duration> KICKS = List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(10));
    private static final List<Duration> ONCE_MORE = KICKS.subList(0, 2);

    private final ItemEncoder encoder;
    private final List<Lane> lanes;

    // longer than the largest connectTimeout and requestTimeout together
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(150);

    /**
     * @param proxies at least one, with different names
     * @param namesTypes whether events name their types, for streams that show only some types
     * @param heartbeats gets a loop {@code proxy-<name>} for each
     * @param ticker measures time
     * @throws IllegalArgumentException if there is no proxy, or two have the same name
     */
    public Proxies(
            List<ProxySettings> proxies,
            boolean namesTypes,
            MetricRegistry metrics,
            Heartbeats heartbeats,
            Ticker ticker) {
        this.encoder = new ItemEncoder(new UniqueIds(), namesTypes);
        Set<String> names = new HashSet<>();
        proxies.forEach(proxy -> {
            if (!names.add(proxy.name())) {
                throw new IllegalArgumentException("two proxies are called " + proxy.name());
            }
        });
        if (names.isEmpty()) {
            throw new IllegalArgumentException("there is no proxy to announce to");
        }
        this.lanes = proxies.stream()
                .map(proxy -> new Lane(
                        proxy, encoder, metrics, heartbeats.add("proxy-" + proxy.name(), LONGEST_ROUND), ticker))
                .toList();
    }

    /**
     * Starts the lanes.
     *
     * @param threads has a thread for each proxy, which the lane keeps
     */
    public void start(Executor threads) {
        lanes.forEach(lane -> lane.start(threads));
    }

    /** Makes all lanes send what waits, within {@link LaneLimits#drainTimeout}, and ends them. */
    public void stop() throws InterruptedException {
        lanes.forEach(Lane::stop);
        for (Lane lane : lanes) {
            lane.awaitEnd();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>It completes once each proxy has taken all events, or a hint that replaces them. It fails if a lane ends before that.
     */
    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        Announcement announcement = new Announcement(events.size() * lanes.size());
        for (Event event : events) {
            ProxyItem item = encoder.event(event);
            lanes.forEach(lane -> lane.offer(item, announcement));
        }
        return announcement.announced();
    }

    /**
     * Disconnects a user's streams that have the channel, at every proxy: at once, and again after 2 and 10 seconds, because
     * a stream may just be opening.
     *
     * @param user the user's name, not encoded
     * @param farewellFrame the last frame of the streams, as {@code text/event-stream}
     */
    public void kick(String user, ChannelName channel, byte[] farewellFrame) {
        send(KICKS, () -> encoder.kick(user, channel, farewellFrame));
    }

    /** Disconnects the streams of anonymous readers that have the channel, as {@link #kick} does. */
    public void kickAnonymous(ChannelName channel, byte[] farewellFrame) {
        send(KICKS, () -> encoder.kick(null, channel, farewellFrame));
    }

    /** Disconnects all streams of a user, at every proxy: at once, and again after 2 seconds. The user may come back after that. */
    public void disconnect(String user, byte[] farewellFrame) {
        send(ONCE_MORE, () -> encoder.kick(user, null, farewellFrame));
    }

    /**
     * Has every proxy ask whether, and how, each stream of a channel continues: at once, and again after 2 seconds. A stream gets no
     * events until it has the answer. Pushpin asks about ten links a second.
     */
    public void question(ChannelName channel) {
        send(ONCE_MORE, () -> encoder.question(channel));
    }

    /** Has every proxy ask whether, and how, each of its streams continues. */
    public void questionAll() {
        lanes.forEach(Lane::recoverAll);
    }

    private void send(List<Duration> delays, Supplier<List<ProxyItem>> encode) {
        for (Duration delay : delays) {
            List<ProxyItem> items = encode.get();
            lanes.forEach(lane -> lane.kick(items, delay));
        }
    }

    /** The health of each proxy, in the order given. */
    public List<ProxyHealth> health() {
        return lanes.stream().map(ProxyHealth::new).toList();
    }
}
