/**
 * What travels: values only.
 *
 * <p>A {@link dev.eventstream.event.NewEvent} is what an application sends. The store gives it an
 * {@link dev.eventstream.event.EventId}, its position in its channel, and it is an {@link dev.eventstream.event.Event}.
 * A {@link dev.eventstream.event.LastEventId} is a reader's position in several channels. Everything is checked where it is
 * made and immutable ever after; no threads.
 */
@NullMarked
package dev.eventstream.event;

import org.jspecify.annotations.NullMarked;
