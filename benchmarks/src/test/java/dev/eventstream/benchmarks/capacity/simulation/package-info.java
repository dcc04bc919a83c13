/** Tests of the simulation. */
@NullMarked
package dev.eventstream.benchmarks.capacity.simulation;

import org.jspecify.annotations.NullMarked;
