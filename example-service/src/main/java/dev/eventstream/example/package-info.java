/**
 * A small chat that shows how an application uses the bundle.
 *
 * <p>{@link dev.eventstream.example.ExampleApplication} wires the parts. {@link dev.eventstream.example.MessagesResource} accepts
 * and lists messages, {@code Chat} stores and sends each in one transaction, {@code TimeSender} sends the time, and
 * {@link dev.eventstream.example.RoomAuthorizer} decides who may read which channel. The bundle serves the streams.
 *
 * <p>{@link dev.eventstream.example.LibraryPagesResource} shows the same rooms with htmx and Turbo, whose events are HTML.
 */
@NullMarked
package dev.eventstream.example;

import org.jspecify.annotations.NullMarked;
