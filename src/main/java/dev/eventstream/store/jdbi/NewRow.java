package dev.eventstream.store.jdbi;

import dev.eventstream.event.NewEvent;

/**
 * An event to insert, with its position.
 *
 * <p>Immutable.
 */
record NewRow(ChannelRow channel, long sequence, NewEvent event) {}
