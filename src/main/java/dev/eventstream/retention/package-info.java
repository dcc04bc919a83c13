/**
 * Trims the log by age and by count, one node at a time.
 *
 * <p>In come rules from {@code config} and the {@link dev.eventstream.retention.Lease} that decides which node works; out go
 * bounded trim batches to {@code store}. Thread: {@code eventstream-retention}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.retention;

import org.jspecify.annotations.NullMarked;
