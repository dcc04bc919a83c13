/**
 * The checker of the delivery contract, for people to run for minutes or hours with {@code ./torture}: nodes of a service,
 * a database, writers and readers, and a schedule of faults that comes from a seed.
 *
 * <p>{@code Torture} is the program and {@code Run} one run of it. {@code Nodes}, {@code Writers} and {@code Readers} are the
 * load, {@code Schedule} and {@code Faults} the trouble. {@code Truth} is what must hold: it learns from the log itself
 * ({@code LogFollower}), from what writers were told and from what readers were shown ({@code ReaderMemory}), and counts each
 * {@code Breach}. {@code Bug} names the bugs that can be planted to see that they are found.
 */
@NullMarked
package dev.eventstream.torture;

import org.jspecify.annotations.NullMarked;
