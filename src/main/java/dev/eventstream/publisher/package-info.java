/**
 * Sends: store, then announce.
 *
 * <p>The application passes {@link dev.eventstream.event.NewEvent}s. They go to {@code store}, in a transaction that concurrent
 * senders share ({@code GroupCommit}) or in the application's transaction, and after the commit to every
 * {@link dev.eventstream.publisher.Announcer}: {@code subscriber} (readers on this JVM) and {@code control} (proxies). Other nodes find
 * them in the log ({@code bus}).
 *
 * <p>Threads. A plain send runs on the sender's thread, or on that of another sender that commits for both: one sender leads,
 * and beside it one probes the channels that other transactions keep locked. {@code SendQueue} holds what waits, {@code SenderTurns}
 * decides who leads and who probes, {@code BatchCommit} makes the attempts, and {@code LockedChannels} sets the pauses. Events of the
 * application's transactions are read back and announced on a thread of the bundle.
 *
 * <p>If an announcer's readers do not read the log anyway, {@code store} writes outbox rows for each append.
 * {@link dev.eventstream.publisher.Announcements} deletes them, on a separate thread, once every announcer has succeeded. On another
 * thread, the {@link dev.eventstream.publisher.OutboxSweep} announces what this or another node has left over. Both pass their
 * exceptions to their {@code loop}, which counts them and continues.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.publisher;

import org.jspecify.annotations.NullMarked;
