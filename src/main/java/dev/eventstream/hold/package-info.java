/**
 * Keeps an exchange open after its first answer and writes to it without blocking: this JVM as its own GRIP proxy. The only
 * room that knows Jetty.
 *
 * <p>In comes a request attribute, the {@link dev.eventstream.stream.HoldInstruction} that {@code http} left on a complete,
 * ordinary response. JAX-RS and the servlet layer finish as they always do, so no thread, request scope, transaction or
 * timer is held; only the end of the response is swallowed. Out go the shared buffers of {@code subscriber}.
 *
 * <p>Threads: buffers are offered by the fan-out and catch-up threads and written there or on Jetty's, whoever comes first;
 * nobody blocks.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.hold;

import org.jspecify.annotations.NullMarked;
