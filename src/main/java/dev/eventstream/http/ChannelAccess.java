package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.subscriber.AccessChanges;
import java.util.List;

/**
 * Decides whether a reader may read channels, and whether that has changed while an answer was prepared.
 *
 * <p>Thread-safe if the authorizer is.
 */
public final class ChannelAccess {
    private final ChannelAuthorizer authorizer;
    private final AccessChanges changes;
    private final Ticker ticker;

    /** @param ticker the one with which the changes are noted */
    public ChannelAccess(ChannelAuthorizer authorizer, AccessChanges changes, Ticker ticker) {
        this.authorizer = authorizer;
        this.changes = changes;
        this.ticker = ticker;
    }

    /** The current time, of the ticker. */
    long now() {
        return ticker.read();
    }

    /** Those of the channels that the reader may not read. */
    List<ChannelName> forbidden(Reader reader, List<ChannelName> channels) {
        return channels.stream()
                .filter(channel -> !authorizer.mayRead(reader, channel))
                .toList();
    }

    /**
     * Refuses a reader that may not read the channels.
     *
     * @throws StreamRefusedException if the reader may not read one of them
     */
    void check(Reader reader, List<ChannelName> channels) {
        refuse(forbidden(reader, channels));
    }

    /**
     * Refuses a reader whose rights have changed since its request began, if it may no longer read the channels. It is for answers to
     * proxies; a stream that this JVM holds is checked when it joins the fan-out.
     *
     * @throws StreamRefusedException if the reader may not read one of them now, or was disconnected
     */
    void checkAgain(long requestedNanos, Reader reader, List<ChannelName> channels) {
        changes.disconnectedSince(requestedNanos, reader).ifPresent(disconnected -> {
            throw new StreamRefusedException(Condition.DISCONNECTED, disconnected.reason(), List.of());
        });
        refuse(lostSince(requestedNanos, reader, channels));
    }

    /** Those of the channels that the reader may not read now, because its rights have changed since its request began. */
    List<ChannelName> lostSince(long requestedNanos, Reader reader, List<ChannelName> channels) {
        return forbidden(reader, changes.since(requestedNanos, reader, channels));
    }

    private static void refuse(List<ChannelName> forbidden) {
        if (!forbidden.isEmpty()) {
            throw new StreamRefusedException(Condition.FORBIDDEN, "You may not read these channels.", forbidden);
        }
    }
}
