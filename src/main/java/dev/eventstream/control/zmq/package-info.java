/**
 * Publishes to Pushpin over ZeroMQ. Needs {@code org.zeromq:jeromq}, an optional dependency.
 *
 * <p>A lane of {@code control} opens a {@link dev.eventstream.control.ControlClient} here and sends items through it; each becomes
 * one message. ZeroMQ does not acknowledge messages, so a broken connection is reported to the lane, which then sends hints. The
 * health check asks Pushpin's command socket, or opens a TCP connection if none is configured.
 * {@link dev.eventstream.control.zmq.ZmqStats} reads how many streams Pushpin holds. Not API.
 *
 * <p>Threads: the lane's own, that of the statistics, plus one or two I/O threads of ZeroMQ for each, which end with it.
 */
@NullMarked
package dev.eventstream.control.zmq;

import org.jspecify.annotations.NullMarked;
