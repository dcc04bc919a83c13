/**
 * Announces to proxies: one lane for each, so that a proxy which is slow or dead delays neither another nor a sender.
 *
 * <p>In come {@link dev.eventstream.event.Event}s that {@code publisher} announces, and kicks. {@link
 * dev.eventstream.control.Proxies} encodes each once, as an item of GRIP's publishing format, and puts it in the bounded queue of
 * each {@code Lane}. Its thread hands batches of them to a {@code ControlClient}: HTTP, or a ZeroMQ socket. What cannot be
 * delivered in time is replaced by a <em>hint</em> of its channel, which makes the proxy ask this application for what is in
 * the log; only events of channels that are not stored can be lost, and their readers are told ({@code stream-reset}). See
 * decision 9.
 *
 * <p>Threads: one for each lane, {@code eventstream-proxy-<n>}; the HTTP client and ZeroMQ have one or two of their own for
 * each lane, which end with it. Senders' threads only encode and enqueue. Locks: that of a lane's queue, never held while
 * anything waits.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.control;

import org.jspecify.annotations.NullMarked;
