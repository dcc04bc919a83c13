/**
 * The servers that are measured, each a process: the product, its peers, and a bare server as the limit.
 */
@NullMarked
package dev.eventstream.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
