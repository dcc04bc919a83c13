package dev.eventstream.channel;

/**
 * Decides who may read which channel. The application provides one; there is no default.
 *
 * <p>It is asked for each channel before anything of it is read, again whenever a stream is resumed, and for the affected
 * streams when the application reports a permission change. After an exception nothing is read either: the stream ends with
 * {@code internal-error}, and its client comes back later. Only the answer "no" is final.
 *
 * <p>If the bundle can find principals by name, the reader of an open stream has the principal that the user has now, not the one
 * with which the stream was opened.
 *
 * <p>Implementations must be thread-safe. They run on request threads and may block, but a slow answer delays the reader. A
 * class named in {@code config.yml} needs a public constructor without parameters.
 */
@FunctionalInterface
public interface ChannelAuthorizer {

    /** Whether the reader may see the events of the channel, including past ones. */
    boolean mayRead(Reader reader, ChannelName channel);

    /**
     * Whether the reader may see the names of the channel's readers ({@code eventStream.presence}). A reader who may read the channel
     * gets their number in any case. This permission is also needed, in addition to {@link #mayRead}, to read the joins and leaves of
     * the channel. The default is no.
     *
     * @param channel the channel whose readers would be named
     */
    default boolean mayReadPresence(Reader reader, ChannelName channel) {
        return false;
    }
}
