package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.hold.ExchangeEnd;
import dev.eventstream.hold.PeerAddress;
import dev.eventstream.hold.StartQueue;
import dev.eventstream.limit.ClientAddress;
import dev.eventstream.limit.ClientAddresses;
import dev.eventstream.limit.Limit;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.limit.Occupancy;
import dev.eventstream.limit.StreamLimits;
import dev.eventstream.stream.StreamView;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the limits to requests for streams. A request gives back what it occupies when its exchange ends, for whatever reason.
 *
 * <p>Thread-safe.
 */
public final class StreamAdmission {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamAdmission.class);

    private final StreamLimits limits;
    private final ClientAddresses addresses;
    private final StreamStart feeds;
    private final RefusedStreams refused;
    private final RateLimitedLog warnings;

    /**
     * @param feeds counts the channels that this node follows
     * @param ticker limits the rate of warnings
     */
    public StreamAdmission(
            StreamLimits limits, ClientAddresses addresses, StreamStart feeds, RefusedStreams refused, Ticker ticker) {
        this.limits = limits;
        this.addresses = addresses;
        this.feeds = feeds;
        this.refused = refused;
        this.warnings = new RateLimitedLog(ticker);
    }

    /**
     * Admits a request, before anything costly is done for it.
     *
     * @throws LimitReachedException if it is refused
     */
    Occupancy admit(ContainerRequestContext request, boolean proxied) {
        if (request.getProperty(StartQueue.REFUSED) != null) {
            throw new LimitReachedException(Limit.STARTS_AT_ONCE);
        }
        ClientAddress address = address(request, proxied);
        if (proxied) {
            return limits.admitProxied(address);
        }
        Occupancy occupancy = limits.admitDirect(address);
        Runnable atEnd = occupancy::release;
        request.setProperty(ExchangeEnd.ATTRIBUTE, atEnd);
        return occupancy;
    }

    /**
     * Admits a reader who may read the channels of a direct stream.
     *
     * @throws LimitReachedException if the stream is refused
     */
    void admitDirect(Occupancy occupancy, StreamView view, List<ChannelName> channels) {
        limits.admitReader(occupancy, view.reader(), view.types().isAll() ? channels : List.of(channels, view.types()));
        checkFeeds(channels);
    }

    /**
     * Checks that this node may follow the channels.
     *
     * @throws LimitReachedException if there are too many, together with those that it already follows
     */
    void checkFeeds(List<ChannelName> channels) {
        limits.checkFeeds(feeds.feedsWith(channels));
    }

    /** The answer to a request that is refused. */
    Response refuse(ContainerRequestContext request, boolean proxied, LimitReachedException reached) {
        return refused.answer(request, reached, address(request, proxied));
    }

    private ClientAddress address(ContainerRequestContext request, boolean proxied) {
        InetAddress peer = peer(request);
        List<String> stated = request.getHeaders().getOrDefault(addresses.header(), List.of());
        if (!proxied && peer != null && !stated.isEmpty() && addresses.isUnlistedProxy(peer)) {
            warnings.warn(
                    LOGGER,
                    "Requests from {} have the header " + addresses.header()
                            + ": if that is a reverse proxy, list it in eventStream.clientAddress.trustedProxies;"
                            + " until then, no limits per client address apply to its clients",
                    peer.getHostAddress());
        }
        return addresses.of(peer, stated, proxied);
    }

    private static @Nullable InetAddress peer(ContainerRequestContext request) {
        return request.getProperty(PeerAddress.ATTRIBUTE) instanceof InetAddress address ? address : null;
    }
}
