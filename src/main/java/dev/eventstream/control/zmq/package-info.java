/**
 * Publishes to Pushpin over ZeroMQ. Needs {@code org.zeromq:jeromq}, an optional dependency.
 *
 * <p>A lane of {@code control} opens a {@link dev.eventstream.control.ControlClient} here and sends items through it; each becomes
 * one message. ZeroMQ does not acknowledge messages, so a broken connection is reported to the lane, which then sends hints. The
 * health check asks Pushpin's command socket, or opens a TCP connection if none is configured. Not API.
 *
 * <p>Threads: the lane's own, plus ZeroMQ's one or two I/O threads per lane, which end with the lane.
 */
@NullMarked
package dev.eventstream.control.zmq;

import org.jspecify.annotations.NullMarked;
