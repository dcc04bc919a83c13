/**
 * The front door: what an application calls.
 *
 * <p>An {@link dev.eventstream.EventStreamBundle} is added in {@code Application.initialize}; its
 * {@link dev.eventstream.EventStream} sends events from then on. This room wires all the others and owns their threads and
 * their order of start and stop; nobody looks into it.
 */
@NullMarked
package dev.eventstream;

import org.jspecify.annotations.NullMarked;
