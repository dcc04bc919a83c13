package dev.eventstream;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.control.Proxies;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.Fanout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects readers on this JVM and at every proxy. A proxy knows only the user's name, so this class asks the authorizer,
 * once for all of the user's streams.
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

    // the default is deny, also if the application fails
    private boolean mayRead(String user, ChannelName channel) {
        try {
            return readers.find(user)
                    .map(reader -> authorizer.mayRead(reader, channel))
                    .orElse(false);
        } catch (RuntimeException e) {
            LOGGER.error(
                    "It cannot be determined whether user {} may read channel=\"{}\"; the answer is no",
                    PlainText.quote(user),
                    channel,
                    e);
            return false;
        }
    }
}
