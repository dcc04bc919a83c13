/**
 * What a holder is told about a stream it is to hold, be it a GRIP proxy or this JVM; and how a proxy is recognised.
 *
 * <p>In comes a decision of {@code http}, a {@link dev.eventstream.grip.HoldInstruction}; {@code hold} takes it as it is, a
 * proxy gets it as {@link dev.eventstream.grip.GripHeaders}. A proxy comes back with a {@link dev.eventstream.grip.NextLink}
 * that was signed here, and shows by a signature of its own that it is one. Values and keys only: no sockets, no threads.
 */
@NullMarked
package dev.eventstream.grip;

import org.jspecify.annotations.NullMarked;
