/**
 * Tells this node about events that other nodes have stored.
 *
 * <p>A node announces its own events to its readers itself. {@link dev.eventstream.bus.DatabaseBus} finds those of other
 * nodes: every {@code eventStream.pollInterval} it reads from the {@code store} the newest positions of the channels that this
 * node's readers follow. It also finds announcements that were lost on this node. It is the only bus so far, so there is no
 * interface to implement: nodes send one another nothing, and kicks and unstored events stay on their node. Thread: {@code
 * eventstream-bus}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.bus;

import org.jspecify.annotations.NullMarked;
