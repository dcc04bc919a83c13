/**
 * Publishes to a proxy over HTTP: the control port of Pushpin (5561) or Fastly Fanout's publishing API.
 *
 * <p>A lane of {@code control} opens a {@link dev.eventstream.control.ControlClient} here and sends items through it; each batch is
 * one POST. The health check asks the same port for its root. Not API.
 *
 * <p>Threads: the lane's own, plus the selector thread of one HTTP client per lane, which ends with the lane. Every request has a
 * time limit that covers connection, answer, and body.
 */
@NullMarked
package dev.eventstream.control.http;

import org.jspecify.annotations.NullMarked;
