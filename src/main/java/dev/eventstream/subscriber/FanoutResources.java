package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.EventTracing;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The resources of a fan-out.
 *
 * @param catchUp runs tasks that block on the database
 * @param catchUpThreads how many tasks that executor runs at once
 * @param permissions runs tasks that block on the authorizer, after changes of rights
 * @param rechecks runs tasks that block on the authorizer, periodically
 * @param terms when streams are checked and end
 * @param shards how many fan-out threads to run
 * @param memory limits all waiting bytes of this node
 * @param pollInterval how often to ask the log for events that were not announced
 * @param tracing follows the events that this node sends
 * @param ticker measures time
 * @param heartbeats watch the threads
 */
public record FanoutResources(
        Executor catchUp,
        int catchUpThreads,
        Executor permissions,
        Executor rechecks,
        StreamTerms terms,
        int shards,
        MemoryBudget memory,
        Duration pollInterval,
        EventTracing tracing,
        Ticker ticker,
        Heartbeats heartbeats) {}
