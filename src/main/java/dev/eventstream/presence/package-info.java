/**
 * Presence: who is reading which channel, on all nodes and at the proxies. Off unless {@code eventStream.presence} names channels.
 *
 * <p>{@link dev.eventstream.presence.ReaderPresence} is the front. Streams of this node enter and leave {@code OwnReaders};
 * {@code Exchange} reports them to the other nodes, and keeps their reports in {@code OtherNodes}; {@code ProxiedReaders} gets
 * the counts of one proxy. All three write to {@code PresentReaders}, which adds them up and answers questions. {@code JoinsAndLeaves}
 * watches it and decides, after a delay, on joins and leaves. {@code SenderTurn} makes sure that one node sends them.
 *
 * <p>Nothing is stored. The bus may lose, repeat or reorder messages: each carries the version of a node's counts, so a node
 * notices missing reports and asks for everything. A node or proxy that is silent for too long no longer counts.
 *
 * <p>Threads: {@code eventstream-presence} calls the rounds; streams enter and leave on any thread; messages of other nodes arrive on
 * {@code eventstream-bus-receive}. Locks: {@code OwnReaders}, {@code OtherNodes} and {@code ProxiedReaders} each have one, under which
 * they may take that of {@code PresentReaders}, and no other.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.presence;

import org.jspecify.annotations.NullMarked;
