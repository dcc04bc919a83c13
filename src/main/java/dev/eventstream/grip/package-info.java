/**
 * What a holder is told about a stream it is to hold, be it a GRIP proxy or this JVM.
 *
 * <p>In comes a decision of {@code http}; out goes a {@link dev.eventstream.grip.HoldInstruction} for {@code hold}. Values
 * only, no threads.
 */
@NullMarked
package dev.eventstream.grip;

import org.jspecify.annotations.NullMarked;
