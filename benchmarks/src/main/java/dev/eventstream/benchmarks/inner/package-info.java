/**
 * Measurements with JMH of what is done once per event, frame or request, without any server. The question {@code inner} runs all of
 * them. Those of package-private classes are in the packages of these classes.
 */
@NullMarked
package dev.eventstream.benchmarks.inner;

import org.jspecify.annotations.NullMarked;
