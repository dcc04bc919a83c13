/**
 * The front door: the bundle and the objects that an application calls.
 *
 * <p>An {@link dev.eventstream.EventStreamBundle} is added in {@code Application.initialize}; its
 * {@link dev.eventstream.EventStream} sends events from then on. This package wires all others and owns their threads and the
 * order in which they start and stop; no other package uses it.
 */
@NullMarked
package dev.eventstream;

import org.jspecify.annotations.NullMarked;
