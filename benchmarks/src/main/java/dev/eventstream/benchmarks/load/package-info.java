/**
 * The load generator: readers of streams and programs that post, each kind on one thread. It knows HTTP and the mark in the data
 * of events, but nothing about the servers. The question {@code generator} measures its own limit.
 */
@NullMarked
package dev.eventstream.benchmarks.load;

import org.jspecify.annotations.NullMarked;
