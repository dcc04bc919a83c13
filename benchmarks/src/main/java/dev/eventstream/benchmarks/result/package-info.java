/**
 * What was measured: one line of JSON per value, and the program that turns the lines into tables, plots and verdicts.
 */
@NullMarked
package dev.eventstream.benchmarks.result;

import org.jspecify.annotations.NullMarked;
