/**
 * The checker of the delivery contract. Run it for minutes or hours with {@code ./torture}: it starts nodes of a service, a
 * database, writers and readers, and derives a schedule of faults from a seed.
 *
 * <p>{@code Torture} is the program and {@code Run} one run of it. {@code Cluster}, {@code BusLinks}, {@code Writer} and
 * {@code StreamReader} are the load, {@code Schedule} and {@code Faults} the trouble. {@code Truth} compares three sources: the
 * log itself ({@code LogFollower}), the answers that writers got ({@code Sender}), and the events that readers received
 * ({@code ReaderMemory}). {@code UnstoredEvents} and {@code UnstoredWatch} do the same for unstored events. Each difference is a
 * {@code Breach}. {@code ClientProcess} runs readers with the browser client in Node.js. {@code Bug} lists the bugs
 * that it can plant, to show that it finds them.
 */
@NullMarked
package dev.eventstream.torture;

import org.jspecify.annotations.NullMarked;
