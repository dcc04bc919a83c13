/**
 * What the suite asks: each {@link dev.eventstream.benchmarks.question.Question} is a class that applies the same load to the product and
 * to its peers, alternately, through a {@link dev.eventstream.benchmarks.question.Run}.
 */
@NullMarked
package dev.eventstream.benchmarks.question;

import org.jspecify.annotations.NullMarked;
