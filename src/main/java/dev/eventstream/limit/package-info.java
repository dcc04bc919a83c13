/**
 * Limits: how many streams may be open and how fast new ones may come, for the node, for each principal and for each client
 * address, and where a client's address comes from.
 *
 * <p>In comes what {@code http} knows about a request; out comes an {@link dev.eventstream.limit.Occupancy}, or a
 * {@link dev.eventstream.limit.LimitReachedException} that names the limit. Only new requests are refused; open streams stay.
 *
 * <p>No counter can be evicted, and none needs to be. Streams are counted in maps whose entries live exactly as long as the
 * streams that they count, so {@code eventStream.limits.streams} bounds them. Rates per address are kept in a table of fixed
 * size, in which addresses may share a slot.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.limit;

import org.jspecify.annotations.NullMarked;
