/**
 * What a GRIP proxy and we tell each other: how it proves itself to us, how we prove ourselves to it, and what a holder is
 * told about a stream it is to hold, be it a proxy or this JVM.
 *
 * <p>In come keys as GRIP configurations write them ({@link dev.eventstream.grip.VerifyKey},
 * {@link dev.eventstream.grip.SigningKey}, {@link dev.eventstream.grip.GripUrl}) and the {@code Grip-Sig} header of a
 * request; out go a {@link dev.eventstream.grip.GripSignature}, which says whether a proxy sent the request, and the
 * {@link dev.eventstream.grip.ControlCredentials} for its control port. From a decision of {@code http} comes a
 * {@link dev.eventstream.grip.HoldInstruction} for {@code hold}. No threads, no sockets. Whatever holds a key has a
 * {@code toString} that does not show it, and no exception quotes one.
 */
@NullMarked
package dev.eventstream.grip;

import org.jspecify.annotations.NullMarked;
