package dev.eventstream.limit;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import dev.eventstream.channel.Reader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Decides whether this node accepts another stream. Streams that are open stay open, whatever is refused.
 *
 * <p>The streams of a proxy end without our knowledge, so a proxied stream counts here only while it opens. After that, it
 * occupies only its next link, which it may share with others.
 *
 * <p>Thread-safe.
 */
public final class StreamLimits {
    /** Addresses that fall into the same slot share an allowance. The hash is secret, so no client can choose whose. */
    private static final int RATE_SLOTS = 1 << 16;

    private final Settings settings;
    private final IntSupplier links;
    private final HashFunction slots;
    private final Rates nodeRate;
    private final Rates addressRates;
    private final AtomicInteger open = new AtomicInteger();
    private final Counts<ClientAddress> addresses = new Counts<>();
    private final Counts<String> principals = new Counts<>();
    private final ChannelSets channelSets = new ChannelSets();

    /**
     * The limits of one node.
     *
     * @param streams open direct streams and sets of channels of proxied ones, together
     * @param perPrincipal open direct streams of one principal; also its sets of channels behind a proxy
     * @param perAddress open direct streams of one address
     * @param channelSetsPerAddress distinct sets of channels of the anonymous streams of one address
     * @param newPerSecond streams that may open per second
     * @param newPerSecondPerAddress streams that may open per second from one address
     * @param feeds channels that this node follows
     */
    public record Settings(
            int streams,
            int perPrincipal,
            int perAddress,
            int channelSetsPerAddress,
            int newPerSecond,
            int newPerSecondPerAddress,
            int feeds) {}

    /**
     * @param links how many next links are in use
     * @param ticker measures rates
     */
    public StreamLimits(Settings settings, IntSupplier links, Ticker ticker, MetricRegistry registry) {
        this.settings = settings;
        this.links = links;
        SecureRandom random = new SecureRandom();
        this.slots = Hashing.sipHash24(random.nextLong(), random.nextLong());
        this.nodeRate = new Rates(1, settings.newPerSecond(), ticker);
        this.addressRates = new Rates(RATE_SLOTS, settings.newPerSecondPerAddress(), ticker);
        registry.gauge("eventstream.streams.limit", () -> settings::streams);
        registry.gauge("eventstream.feeds.limit", () -> settings::feeds);
        registry.gauge("eventstream.streams.addresses", () -> addresses::keys);
    }

    /**
     * Admits a request for a direct stream, before anything costly is done for it.
     *
     * @throws LimitReachedException if it is refused
     */
    public Occupancy admitDirect(ClientAddress address) {
        Occupancy occupancy = new Occupancy(address);
        try {
            occupy(occupancy, () -> tryOpen(), open::decrementAndGet, Limit.STREAMS);
            if (address.isKnown()) {
                occupy(
                        occupancy,
                        () -> addresses.tryAdd(address, settings.perAddress()),
                        () -> addresses.subtract(address),
                        Limit.STREAMS_PER_ADDRESS);
            }
            checkRates(address);
            return occupancy;
        } catch (LimitReachedException e) {
            occupancy.release();
            throw e;
        }
    }

    /**
     * Admits a proxy's request for a stream that the proxy will hold.
     *
     * @throws LimitReachedException if it is refused
     */
    public Occupancy admitProxied(ClientAddress address) {
        checkRates(address);
        return new Occupancy(address);
    }

    /**
     * Counts a direct stream for its reader.
     *
     * @param set the stream's channels, and everything else that decides which bytes it gets
     * @throws LimitReachedException if the principal has too many streams, or the address has anonymous streams of too many sets
     *     of channels
     */
    public void admitReader(Occupancy occupancy, Reader reader, List<?> set) {
        String user = reader.user().orElse(null);
        if (user != null) {
            occupy(
                    occupancy,
                    () -> principals.tryAdd(user, settings.perPrincipal()),
                    () -> principals.subtract(user),
                    Limit.STREAMS_PER_PRINCIPAL);
        } else if (occupancy.address().isKnown()) {
            occupy(
                    occupancy,
                    () -> channelSets.tryAdd(occupancy.address(), set, settings.channelSetsPerAddress()),
                    () -> channelSets.subtract(occupancy.address(), set),
                    Limit.CHANNEL_SETS_PER_ADDRESS);
        }
    }

    /**
     * Checks that there is room for another next link.
     *
     * @throws LimitReachedException if there is none
     */
    public void checkRoomForLink() {
        if (open.get() + links.getAsInt() >= settings.streams()) {
            throw new LimitReachedException(Limit.STREAMS);
        }
    }

    /**
     * Checks that this node may follow this many channels.
     *
     * @param feeds channels that it would follow
     * @throws LimitReachedException if there are too many
     */
    public void checkFeeds(int feeds) {
        if (feeds > settings.feeds()) {
            throw new LimitReachedException(Limit.FEEDS);
        }
    }

    /** How many streams the requests and direct streams of this node occupy. */
    int open() {
        return open.get();
    }

    private boolean tryOpen() {
        if (open.incrementAndGet() + links.getAsInt() > settings.streams()) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    // the address first: a request refused for it must not use the allowance of the others
    private void checkRates(ClientAddress address) {
        if (address.isKnown() && !addressRates.tryTake(slot(address), 1)) {
            throw new LimitReachedException(Limit.NEW_STREAMS_PER_ADDRESS);
        }
        if (!nodeRate.tryTake(0, 1)) {
            throw new LimitReachedException(Limit.NEW_STREAMS);
        }
    }

    private int slot(ClientAddress address) {
        return slots.hashString(address.text(), StandardCharsets.US_ASCII).asInt() & (RATE_SLOTS - 1);
    }

    private static void occupy(Occupancy occupancy, Attempt attempt, Runnable giveBack, Limit limit) {
        if (!attempt.succeeds()) {
            throw new LimitReachedException(limit);
        }
        occupancy.add(giveBack);
    }

    /** Tries to occupy something. */
    @FunctionalInterface
    private interface Attempt {
        boolean succeeds();
    }
}
