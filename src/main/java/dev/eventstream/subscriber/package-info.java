/**
 * Readers on this JVM: live fan-out, catch-up, the recent tail of each channel.
 *
 * <p>In come announcements from {@code publisher} and {@code bus}, and streams that {@code hold} keeps open; events that
 * were missed are read from {@code store}. Out go shared, encoded bytes to each stream's
 * {@link dev.eventstream.subscriber.StreamSink}.
 *
 * <p>A stream joins first and reads then: it is registered with the position it has reached, catches up from the recent tail
 * or the log, page by page as its client takes them, and goes live when it stands where its channels stand. Live streams
 * with the same channels form a cohort: they all stand at the same position, so one buffer serves them all. A stream that
 * cannot take a buffer leaves its cohort and catches up again once its client has read what is pending. An announcement
 * that is lost, late or out of order makes the feed of its channel read the log.
 *
 * <p>Threads: {@code eventstream-fanout} owns cohorts and the live state of streams and never blocks;
 * {@code eventstream-catch-up} (a few) read the log and ask the authorizer; senders and request threads only put tasks in
 * the queue. Locks: a feed's monitor, held for a few instructions, under which nothing else is called.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.subscriber;

import org.jspecify.annotations.NullMarked;
