/**
 * Sends: store, then announce.
 *
 * <p>In come {@link dev.eventstream.event.NewEvent}s from the application. They go to {@code store}, in a transaction that
 * concurrent senders share or in the application's own, and after the commit to every
 * {@link dev.eventstream.publisher.Announcer}: {@code subscriber} (readers on this JVM), {@code control} (proxies) and
 * {@code bus} (other nodes). Everything runs on senders' threads; one of those that wait commits for all of them.
 *
 * <p>Where an announcer's readers do not look into the log by themselves, {@code store} keeps an announcement row for each append.
 * {@link dev.eventstream.publisher.Announcements} deletes it once every announcer is through, on a thread of its own; the
 * {@link dev.eventstream.publisher.OutboxSweep}, on another, announces what is left over, also by other nodes.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.publisher;

import org.jspecify.annotations.NullMarked;
