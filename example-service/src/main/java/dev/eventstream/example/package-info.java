/**
 * A small service that shows how an application uses the bundle, with pages that let a visitor check what the bundle guarantees.
 *
 * <p>{@link dev.eventstream.example.ExampleApplication} wires the parts. {@link dev.eventstream.example.MessagesResource} accepts
 * and lists messages, {@code Chat} stores and sends each in one transaction, {@code TimeSender} sends the time, and
 * {@link dev.eventstream.example.RoomAuthorizer} decides who may read which channel. The bundle serves the streams.
 *
 * <p>The page <em>Prove it</em> counts the events of {@code Numbers}, which sends consecutive numbers while a page asks for them
 * ({@code OnDemand}), from one node at a time ({@code Turns}). If {@code ./run} started the service, the page shows the nodes and can
 * ask {@code ./run} to kill one ({@link dev.eventstream.example.NodesResource}).
 *
 * <p>Private rooms ({@link dev.eventstream.example.PrivateRoomsResource}) are for users who have signed in
 * ({@link dev.eventstream.example.SignInResource}). {@code Permissions} are in the database; a reader who loses one is disconnected.
 *
 * <p>{@link dev.eventstream.example.AnswersResource} starts answers, which {@code AnswerWriter} writes word by word, each in a channel
 * that it then finishes. {@code Prices} and {@code Machine} send the values of the dashboard to latest channels.
 *
 * <p>{@link dev.eventstream.example.LibraryPagesResource} shows the same rooms with htmx and Turbo, whose events are HTML.
 */
@NullMarked
package dev.eventstream.example;

import org.jspecify.annotations.NullMarked;
