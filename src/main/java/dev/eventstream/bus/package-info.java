/**
 * Nodes tell nodes that events are there.
 *
 * <p>What a node sends it announces to its own readers itself; the bus is for what other nodes have sent. The
 * {@code database} bus is always there: it asks the log where the channels stand that somebody on this node reads. It is
 * also what finds an announcement that was lost on this node. Thread: {@code eventstream-bus}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.bus;

import org.jspecify.annotations.NullMarked;
