/**
 * The bus {@code redis}: one capped stream that every node writes to and reads. Needs Jedis. Input: messages of
 * {@code bus.NodeBus}. No threads. Not API.
 */
@NullMarked
package dev.eventstream.bus.redis;

import org.jspecify.annotations.NullMarked;
