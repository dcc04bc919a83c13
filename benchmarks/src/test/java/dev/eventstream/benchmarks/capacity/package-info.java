/** Tests of the capacity model. */
@NullMarked
package dev.eventstream.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
