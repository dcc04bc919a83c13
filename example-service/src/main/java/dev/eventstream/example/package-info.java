/**
 * A small chat: what an application does with the bundle, and nothing that only this one could do.
 *
 * <p>{@link dev.eventstream.example.ExampleApplication} puts it together. {@link dev.eventstream.example.MessagesResource}
 * takes and lists messages, {@code Chat} stores and sends each in one transaction, {@code TimeSender} sends the time,
 * {@link dev.eventstream.example.RoomAuthorizer} says who may read what. The streams themselves are the bundle's.
 */
@NullMarked
package dev.eventstream.example;

import org.jspecify.annotations.NullMarked;
