package dev.eventstream.subscriber;

import com.google.common.base.Ticker;

/**
 * What all shards of a node share.
 *
 * @param maxCatchUps streams of one shard that catch up at a time
 */
record ShardResources(
        Feeds feeds,
        FeedReader feedReader,
        StreamCatchUp catchUp,
        PermissionChecks permissionChecks,
        MemoryBudget memory,
        StreamMetrics metrics,
        Ticker ticker,
        int maxCatchUps) {}
