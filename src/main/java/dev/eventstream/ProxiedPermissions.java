package dev.eventstream;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.control.Proxies;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.Fanout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts readers off on this JVM and at every proxy. Only the user's name is known at a proxy, so whether the user still has
 * the right is asked here, once for all of the user's streams.
 *
 * <p>Thread-safe. Asks the authorizer on the caller's thread.
 */
final class ProxiedPermissions implements Permissions {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProxiedPermissions.class);

    private final Fanout fanout;
    private final Proxies proxies;
    private final ChannelAuthorizer authorizer;
    private final ReadersByName readers;

    ProxiedPermissions(Fanout fanout, Proxies proxies, ChannelAuthorizer authorizer, ReadersByName readers) {
        this.fanout = fanout;
        this.proxies = proxies;
        this.authorizer = authorizer;
        this.readers = readers;
    }

    @Override
    public void changed(String user, ChannelName channel) {
        fanout.recheck(user, channel);
        if (!mayRead(user, channel)) {
            proxies.kick(user, channel, EventStreamEncoder.encode(StreamFrame.StreamError.revoked(channel)));
        }
    }

    // the default is deny, also when the application cannot say
    private boolean mayRead(String user, ChannelName channel) {
        try {
            return readers.find(user)
                    .map(reader -> authorizer.mayRead(reader, channel))
                    .orElse(false);
        } catch (RuntimeException e) {
            LOGGER.error(
                    "Whether user \"{}\" may read channel=\"{}\" cannot be found out; the answer is no",
                    user,
                    channel,
                    e);
            return false;
        }
    }
}
