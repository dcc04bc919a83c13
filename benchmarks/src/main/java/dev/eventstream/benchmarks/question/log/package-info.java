/**
 * Questions about the log in a database: what a send costs beside the statement that it cannot do without, what grows with the log, and
 * whether sending and trimming hold their pace. The servers are private and start anew for each question.
 */
@NullMarked
package dev.eventstream.benchmarks.question.log;

import org.jspecify.annotations.NullMarked;
