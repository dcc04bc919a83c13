/**
 * Compares the bundle with its peers. {@code question} uses {@code load} (the load generator), {@code peer} (the servers) and
 * {@code result} (the lines that are written, and the page made from them); none of these three uses another, except that a peer
 * tells the load generator which requests it understands.
 */
@NullMarked
package dev.eventstream.benchmarks;

import org.jspecify.annotations.NullMarked;
