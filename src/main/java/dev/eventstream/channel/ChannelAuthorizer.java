package dev.eventstream.channel;

/**
 * Says who may read which channel. The application brings one; there is no default.
 *
 * <p>Asked for each channel before anything of it is read, again whenever a stream is resumed, and for the streams
 * concerned when the application says that permissions changed. An exception counts as "no" and ends the request with
 * {@code internal-error}; it is logged.
 *
 * <p>Implementations must be thread-safe. They run on request threads and may block, but a slow answer delays the
 * reader it is for. A class that is named in {@code config.yml} needs a public constructor without parameters.
 */
@FunctionalInterface
public interface ChannelAuthorizer {

    /** Whether the reader may see the events of the channel, those of the past included. */
    boolean mayRead(Reader reader, ChannelName channel);
}
