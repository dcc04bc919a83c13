/**
 * Sends: store, then announce.
 *
 * <p>The application hands in {@link dev.eventstream.event.NewEvent}s. They go to {@code store}, in a transaction that concurrent
 * senders share ({@code GroupCommit}) or in the application's own, and after the commit to every
 * {@link dev.eventstream.publisher.Announcer}: {@code subscriber} (readers on this JVM) and {@code control} (proxies). Other nodes find them
 * in the log, by {@code bus}.
 *
 * <p>Threads. A plain send runs on the sender's thread, or on that of another sender that commits for both: one sender leads,
 * and beside it one probes the channels that other transactions keep locked ({@code SendQueue} has the turns, {@code BatchCommit} the
 * attempts, {@code LockedChannels} the pauses). Events of the application's
 * transactions are read back and announced on a thread of the bundle.
 *
 * <p>Where an announcer's readers do not look into the log by themselves, {@code store} keeps an outbox row for each append.
 * {@link dev.eventstream.publisher.Announcements} deletes it once every announcer has succeeded, on a thread for that; the
 * {@link dev.eventstream.publisher.OutboxSweep}, on another, announces what is left over, also by other nodes. Both throw what goes
 * wrong at their {@code loop}, which counts it and continues.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.publisher;

import org.jspecify.annotations.NullMarked;
