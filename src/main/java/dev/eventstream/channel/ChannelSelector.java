package dev.eventstream.channel;

import java.util.Collection;

/**
 * Chooses the channels of a stream whose client does not name them, for an address such as {@code /events/me}. Pass it to
 * {@code EventStreamBundle.builder().route(path, selector)}.
 *
 * <p>The bundle asks it when a stream begins and whenever the client comes back, so changes take effect then. To make a user's
 * clients come back at once, call {@code EventStream.disconnect(user)}. The {@link ChannelAuthorizer} decides about each chosen
 * channel as usual. The query parameters {@code start}, {@code type}, {@code lastEventId} and {@code access_token} belong to the bundle.
 *
 * <p>Implementations must be thread-safe. They run on request threads and may block, but a slow answer delays the reader. After an
 * exception, the stream ends with {@code internal-error}, and its client comes back later.
 */
@FunctionalInterface
public interface ChannelSelector {

    /**
     * The channels of the reader's stream, at most {@code eventStream.limits.channelsPerStream}; repeats are ignored. If there
     * are none, the request is refused for good ({@code forbidden}).
     */
    Collection<ChannelName> channels(Reader reader, StreamRequest request);
}
