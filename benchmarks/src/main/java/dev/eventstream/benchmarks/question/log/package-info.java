/**
 * Questions about the log in a database: what a send costs beyond the one statement that it needs, what grows with the log, and
 * whether sending and trimming keep their pace. The servers are private, and start afresh for each question.
 */
@NullMarked
package dev.eventstream.benchmarks.question.log;

import org.jspecify.annotations.NullMarked;
