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

/**
 * Announces events to all proxies, each on a lane of its own: one that is slow or dead delays no other, and no sender.
 *
 * <p>Thread-safe. An announcement encodes each event once, puts it in the queue of each lane, and returns.
 */
public final class Proxies implements Announcer {
    // a stream that is being opened while a kick arrives is held a moment later
    private static final List<Duration> KICKS = List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(10));

    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds());
    private final List<Lane> lanes;

    // longer than the longest connectTimeout and requestTimeout together
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(150);

    /**
     * @param proxies with names that are all different
     * @param heartbeats gets a loop {@code proxy-<name>} for each
     * @param ticker measures how long something waits or fails
     * @throws IllegalArgumentException if there is none, or two have the same name
     */
    public Proxies(List<ProxySettings> proxies, MetricRegistry metrics, Heartbeats heartbeats, Ticker ticker) {
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

    /** Lets all lanes send what waits, within {@link LaneLimits#drainTimeout}, and ends them. */
    public void stop() throws InterruptedException {
        lanes.forEach(Lane::stop);
        for (Lane lane : lanes) {
            lane.awaitEnd();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>It completes when each proxy has taken all events, or its lane has taken the responsibility for them by a hint. It
     * fails if a lane ends before.
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
     * Cuts off the user's streams that have the channel, at every proxy: at once, and again after 2 and after 10 seconds,
     * because a stream may just be opening.
     *
     * @param user as in the {@code user} of the streams' meta data, not encoded
     * @param farewellFrame what the streams say last, as {@code text/event-stream}
     */
    public void kick(String user, ChannelName channel, byte[] farewellFrame) {
        for (Duration delay : KICKS) {
            List<ProxyItem> items = encoder.kick(user, channel, farewellFrame);
            lanes.forEach(lane -> lane.kick(items, delay));
        }
    }

    /** One for each proxy, in the order given, for health checks. */
    public List<ProxyHealth> health() {
        return lanes.stream().map(ProxyHealth::new).toList();
    }
}
