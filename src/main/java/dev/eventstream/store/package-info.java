/**
 * The log of each channel, as the other rooms see it: append, read after a place, newest, trim.
 *
 * <p>In come {@link dev.eventstream.event.NewEvent}s from {@code publisher}; out go
 * {@link dev.eventstream.event.Event}s with gap-free ids in commit order, to {@code publisher} (to announce) and
 * {@code subscriber} (to catch up). {@code store.jdbi} is the one that keeps them in SQL, {@code store.memory} the one
 * that keeps them in memory; the test jar has the contract's tests for whoever writes another. No threads of its own; every
 * method may block for as long as a query may take.
 */
@NullMarked
package dev.eventstream.store;

import org.jspecify.annotations.NullMarked;
