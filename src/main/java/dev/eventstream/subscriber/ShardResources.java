package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.publisher.EventTracing;

/**
 * What all shards of a node share.
 *
 * @param permissionChecks checks after changes of rights
 * @param rechecks periodic checks, on other threads
 * @param maxCatchUps how many streams of one shard may catch up at once
 */
record ShardResources(
        Feeds feeds,
        FeedReader feedReader,
        StreamCatchUp catchUp,
        PermissionChecks permissionChecks,
        PermissionChecks rechecks,
        AccessChanges changes,
        StreamTerms terms,
        MemoryBudget memory,
        StreamMetrics metrics,
        EventTracing tracing,
        Ticker ticker,
        int maxCatchUps) {}
