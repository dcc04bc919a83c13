/**
 * Keeps an exchange open after its first answer and writes to it without blocking: this JVM as its own GRIP proxy. The only
 * package that uses Jetty's server.
 *
 * <p>In comes a request attribute, the {@link dev.eventstream.hold.HeldAnswer} that {@code http} left beside an ordinary
 * response without a body: the first bytes, and how the stream continues. JAX-RS and the servlet layer finish as usual, so
 * no thread, request scope, transaction or timer is held; only the end of the response is withheld. Out go the first bytes and
 * then the shared buffers of {@code subscriber}; over HTTP/1.1 they bypass Jetty's response
 * ({@code ConnectionOutput}).
 *
 * <p>It also tells resources when their servlets have returned and when their exchange is over, and sends an answer in one piece if its
 * resource demands it ({@link dev.eventstream.hold.OnePiece}).
 *
 * <p>Threads: the fan-out and catch-up threads offer buffers. These threads or Jetty's write them; none blocks.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.hold;

import org.jspecify.annotations.NullMarked;
