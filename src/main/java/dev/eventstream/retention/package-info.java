/**
 * Trims the log by age and by count, one node at a time.
 *
 * <p>{@code config} provides the rules, and a {@link dev.eventstream.retention.Lease} decides which node works. Bounded trims go to
 * {@code store}. Thread: {@code eventstream-retention}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.retention;

import org.jspecify.annotations.NullMarked;
