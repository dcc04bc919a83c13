package dev.eventstream.channel;

import java.util.Collection;

/**
 * Chooses the channels of a stream for an address such as {@code /events/me}, whose clients do not name them. An application gives one to
 * {@code EventStreamBundle.builder().route(path, selector)}.
 *
 * <p>It is asked when a stream begins and again whenever its client comes back, so a change takes effect then; to bring clients back at
 * once, call {@code EventStream.disconnect(user)}. The {@link ChannelAuthorizer} is asked about each chosen channel as usual.
 *
 * <p>Implementations must be thread-safe. They run on request threads and may block, but a slow answer delays the reader. After an
 * exception, the stream ends with {@code internal-error}, and its client comes back later.
 */
@FunctionalInterface
public interface ChannelSelector {

    /**
     * The channels of the reader's stream; repeats are ignored. If there are none, the request is refused for good
     * ({@code forbidden}). There may be {@code eventStream.limits.channelsPerStream} at most.
     */
    Collection<ChannelName> channels(Reader reader, StreamRequest request);
}
