/**
 * The log of each channel, as other packages see it: append, read after a position, newest, trim.
 *
 * <p>{@code publisher} appends {@link dev.eventstream.event.NewEvent}s. {@link dev.eventstream.event.Event}s with gap-free ids in
 * commit order go to {@code publisher}, which announces them, and to {@code subscriber}, which catches up. The
 * {@link dev.eventstream.store.Outbox} lists events that may not have been announced.
 * {@link dev.eventstream.retention.Retention} trims, one node at a time by {@link dev.eventstream.retention.Lease}.
 *
 * <p>{@code store.jdbi} keeps the logs in SQL, and {@code store.memory} keeps them in memory. An application passes any other
 * store to {@code EventStreamBundle.builder().store(…)}; the test jar contains the tests that it must pass. The package has no
 * threads. Every method may block for as long as a query takes.
 */
@NullMarked
package dev.eventstream.store;

import org.jspecify.annotations.NullMarked;
