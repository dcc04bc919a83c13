/**
 * Lets the nodes of an application notify one another.
 *
 * <p>{@link dev.eventstream.bus.NodeBus} gets every event that {@code publisher} announces and every changed permission, and
 * notifies the other nodes over a {@link dev.eventstream.bus.Bus}, which carries opaque messages and has one implementation per
 * engine in the packages below. Messages of other nodes go to a {@link dev.eventstream.bus.BusListener}, which passes them to
 * {@code subscriber}. A bus may lose messages, so {@link dev.eventstream.bus.LogPoll} asks the {@code store} every
 * {@code eventStream.pollInterval} for the newest positions of the channels that this node's readers follow.
 *
 * <p>Threads: {@code eventstream-bus-send}, {@code eventstream-bus-receive} and {@code eventstream-poll}.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.bus;

import org.jspecify.annotations.NullMarked;
