/**
 * JMH benchmarks of the work per event, frame or request, without any server. The question {@code inner} runs all of them. Benchmarks of
 * package-private classes are in the packages of these classes.
 */
@NullMarked
package dev.eventstream.benchmarks.inner;

import org.jspecify.annotations.NullMarked;
