package dev.eventstream.stream;

import dev.eventstream.channel.Reader;

/**
 * What a stream shows of its channels: the events of some types that its reader may see.
 *
 * <p>Immutable.
 */
public record StreamView(Reader reader, TypeFilter types) {
    /** Everything that the reader may see. */
    public static StreamView of(Reader reader) {
        return new StreamView(reader, TypeFilter.ALL);
    }
}
