package dev.eventstream.channel;

/**
 * Decides who may read which channel. The application provides one; there is no default.
 *
 * <p>It is asked for each channel before anything of it is read, again whenever a stream is resumed, and for the affected
 * streams when the application reports a permission change. An exception counts as "no"; it is logged, and the request ends
 * with {@code internal-error}.
 *
 * <p>Implementations must be thread-safe. They run on request threads and may block, but a slow answer delays the reader. A
 * class named in {@code config.yml} needs a public constructor without parameters.
 */
@FunctionalInterface
public interface ChannelAuthorizer {

    /** Whether the reader may see the events of the channel, including past ones. */
    boolean mayRead(Reader reader, ChannelName channel);
}
