/**
 * The log of each channel, as other packages see it: append, read after a position, newest, trim.
 *
 * <p>In come {@link dev.eventstream.event.NewEvent}s from {@code publisher}; out go
 * {@link dev.eventstream.event.Event}s with gap-free ids in commit order, to {@code publisher} (to announce) and
 * {@code subscriber} (to catch up). {@link dev.eventstream.store.Outbox} tells the publisher which events were not announced.
 * {@link dev.eventstream.retention.Retention} trims, one node at a time by {@link dev.eventstream.retention.Lease}.
 *
 * <p>{@code store.jdbi} is the one that keeps the logs in SQL, {@code store.memory} the one that keeps them in memory; the test jar
 * has the contract's tests for those who write another, which an application passes to
 * {@code EventStreamBundle.builder().store(…)}. The package has no threads; every method may block for as long as a query
 * may take.
 */
@NullMarked
package dev.eventstream.store;

import org.jspecify.annotations.NullMarked;
