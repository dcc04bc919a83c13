/**
 * The load generator: readers of streams and programs that post, each kind on one thread. It knows HTTP and a mark in the data of
 * events, and nothing of the servers. Its own limit is measured first, by the question {@code generator}.
 */
@NullMarked
package dev.eventstream.benchmarks.load;

import org.jspecify.annotations.NullMarked;
