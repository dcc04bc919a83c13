/**
 * The capacity model: what a node carries, which resource runs out first, and how long readers are away after a failure.
 *
 * <p>The input is the parameters of {@code benchmarks/capacity.properties} and a {@link dev.eventstream.benchmarks.capacity.Workload}.
 * The output is an {@link dev.eventstream.benchmarks.capacity.Estimate}. The formulas have no state. The page
 * {@code docs/capacity.html} has the same formulas in JavaScript ({@code src/main/capacity/model.js}), and a test compares the two.
 *
 * <p>The package {@code simulation} follows each reader through a failure instead. The program is {@code benchmarks/capacity}.
 */
@NullMarked
package dev.eventstream.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
