/**
 * Readers on this JVM: live fan-out, catch-up, the recent events of each channel.
 *
 * <p>Input: announcements from {@code publisher} and {@code bus}, streams that {@code hold} keeps open, and events from
 * {@code store} that were missed. Output: shared, encoded bytes for each stream's
 * {@link dev.eventstream.subscriber.StreamSink}. A {@link dev.eventstream.subscriber.MarkSink} ends a stream that the node itself reads,
 * for a health check.
 *
 * <p>An announcement moves the {@code ChannelFeed} of its channel forward; each {@code Shard} with readers of the channel then takes
 * from the feed what follows its own position. An announcement that is lost, late or out of order makes the {@code FeedReader} read the log.
 * The {@code LogPoll} asks the log every {@code eventStream.pollInterval} whether it has more than the feeds.
 *
 * <p>A stream first joins a shard with the position it has reached, then catches up page by page as its client reads, and goes live
 * when it reaches the position of its channels. Live streams with the same channels and types of events form a
 * {@code Cohort}: they all have one position, so one buffer serves them all. A stream that cannot take a buffer leaves its cohort and
 * catches up again once its client has read what is pending.
 *
 * <p>docs/CONCURRENCY.md describes threads, locks, queues, and the memory budget with its rules.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.subscriber;

import org.jspecify.annotations.NullMarked;
