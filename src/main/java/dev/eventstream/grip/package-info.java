/**
 * What a holder is told about a stream it is to hold, be it a GRIP proxy or this JVM; how a proxy is recognised; and what it
 * is shown when we publish to it.
 *
 * <p>In comes a decision of {@code http}, a {@link dev.eventstream.stream.HoldInstruction}; {@code hold} takes it as it is, a
 * proxy gets it as {@link dev.eventstream.grip.GripHeaders}. A proxy comes back with a {@link dev.eventstream.grip.NextLink}
 * that was signed here, and shows by {@code Grip-Sig} that it is one: {@link dev.eventstream.grip.GripSigVerifier}. {@code config}
 * makes keys and {@link dev.eventstream.control.ControlCredentials} of what the YAML says, and {@code control} shows those to
 * proxies. Values and keys only: no sockets, no threads. Whatever holds a key has a {@code toString} that does not
 * show it, and no exception quotes one.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.grip;

import org.jspecify.annotations.NullMarked;
