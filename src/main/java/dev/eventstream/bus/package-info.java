/**
 * Lets the nodes of an application notify one another.
 *
 * <p>{@link dev.eventstream.bus.NodeBus} gets every event that {@code publisher} announces and every changed permission, and
 * notifies the other nodes over a {@link dev.eventstream.bus.Bus}, which carries opaque messages and has one implementation per
 * engine in the packages below. Messages of other nodes go to a {@link dev.eventstream.bus.BusListener}, which passes them to
 * {@code subscriber}. A bus may lose messages, so {@code subscriber} also polls the log.
 *
 * <p>Threads: {@code eventstream-bus-send} and {@code eventstream-bus-receive}.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.bus;

import org.jspecify.annotations.NullMarked;
