/**
 * Keeps every loop of a node observable: no loop, queue or thread stops unnoticed.
 *
 * <p>Each loop (fan-out, bus, sweep, retention, lanes, catch-up) runs its rounds through a
 * {@link dev.eventstream.loop.Heartbeat}, which catches whatever a round throws, counts it, and logs it once per change.
 * {@link dev.eventstream.loop.Heartbeats} knows them all; {@code health} asks it which are in trouble.
 *
 * <p>No threads and no dependencies on other packages. Not API.
 */
@NullMarked
package dev.eventstream.loop;

import org.jspecify.annotations.NullMarked;
