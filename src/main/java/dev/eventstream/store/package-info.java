/**
 * The log of each channel, as the other rooms see it: append, read after a position, newest, trim.
 *
 * <p>In come {@link dev.eventstream.event.NewEvent}s from {@code publisher}; out go
 * {@link dev.eventstream.event.Event}s with gap-free ids in commit order, to {@code publisher} (to announce) and
 * {@code subscriber} (to catch up). {@link dev.eventstream.store.Outbox} tell the publisher of what was not announced.
 * {@link dev.eventstream.retention.Retention} trims, one node at a time by {@link dev.eventstream.retention.Lease}.
 *
 * <p>{@code store.jdbi} is the one that keeps the logs in SQL, {@code store.memory} the one that keeps them in memory; the test jar
 * has the contract's tests for whoever writes another. No threads of its own; every method may block for as long as a query
 * may take.
 */
@NullMarked
package dev.eventstream.store;

import org.jspecify.annotations.NullMarked;
