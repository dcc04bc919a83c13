/**
 * Announces to proxies on one lane each, so that a slow or dead proxy delays neither another one nor a sender.
 *
 * <p>The input is {@link dev.eventstream.event.Event}s from {@code publisher}, and kicks. {@link dev.eventstream.control.Proxies}
 * encodes each once, as an item in GRIP's publishing format, and puts it in the bounded queue of every {@code Lane}. The lane's
 * thread sends batches of items through a {@code ControlClient}, over HTTP or ZeroMQ. A <em>hint</em> replaces events that cannot
 * be delivered in time: it makes the proxy ask this application for the events of a channel. Only unstored events can be lost, and
 * their readers get {@code stream-reset}. See decision 9.
 *
 * <p>Inside a lane, {@code LaneIntake} fills the {@code LaneQueue} of events, {@code Repairs} and {@code Kicks}; {@code Delivery}
 * makes the requests; {@code SentItems} remembers what may have to be sent again.
 *
 * <p>Threads: one for each lane, {@code eventstream-proxy-<n>}; the HTTP client and ZeroMQ add one or two for each lane, which end
 * with it. Senders' threads only encode and enqueue. Locks: only that of a lane's queue, never held while a thread waits for
 * something else.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.control;

import org.jspecify.annotations.NullMarked;
