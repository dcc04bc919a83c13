/**
 * The values that travel.
 *
 * <p>An application sends a {@link dev.eventstream.event.NewEvent}. The store gives it an
 * {@link dev.eventstream.event.EventId}, its position in its channel; then it is an {@link dev.eventstream.event.Event}.
 * A {@link dev.eventstream.event.LastEventId} is a reader's position in several channels. Every value is checked in its
 * constructor and immutable. The package has no threads.
 */
@NullMarked
package dev.eventstream.event;

import org.jspecify.annotations.NullMarked;
