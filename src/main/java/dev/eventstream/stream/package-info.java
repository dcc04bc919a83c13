/**
 * The bytes of {@code text/event-stream}, and the {@link dev.eventstream.stream.HoldInstruction} for the holder of a stream: no
 * sockets, no threads, no state.
 *
 * <p>In come events and the {@link dev.eventstream.stream.StreamFrame}s that the stream itself sends; out go UTF-8 bytes for
 * {@code http} (a first answer), {@code subscriber} (live) and proxies. The format is the HTML standard's, 9.2.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.stream;

import org.jspecify.annotations.NullMarked;
