/**
 * A discrete-event simulation of readers who lose their streams and come back: up to ten million of them, each followed individually,
 * over nodes behind a load balancer.
 *
 * <p>The input is a {@link dev.eventstream.benchmarks.capacity.simulation.Scenario}, and the output an
 * {@link dev.eventstream.benchmarks.capacity.simulation.Outcome}. The same scenario and seed give the same outcome. A reader is in one
 * list at a time: a millisecond of the calendar, the line of a node, or the readers who catch up there. So all lists share one array
 * of links, and a reader takes 18 bytes. Costs that are the same for all readers of a node are computed for the node: the CPU and the
 * bytes of their events depend only on the number of readers.
 *
 * <p>The rules are those of the product: {@code StartQueue}, {@code Rates}, {@code RefusedStreams}, {@code Drain} and the client's
 * {@code backoff.ts}. A node works in rounds of 10 ms.
 *
 * <p>Everything is confined to one thread.
 */
@NullMarked
package dev.eventstream.benchmarks.capacity.simulation;

import org.jspecify.annotations.NullMarked;
