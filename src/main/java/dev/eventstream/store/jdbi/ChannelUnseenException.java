package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;

/**
 * A channel has a row that an append cannot see, or had a row that is gone. In the application's transaction, the isolation level
 * hides the row. In the store's transaction, the row is gone because a program deleted it or someone restored a backup.
 */
final class ChannelUnseenException extends EventStoreException {
    private static final long serialVersionUID = 1;

    ChannelUnseenException(ChannelName name) {
        super("channel \"" + name
                + "\" was created by another transaction after this one had begun, and is not visible at"
                + " its isolation level; send again in a new transaction, or use READ COMMITTED");
    }
}
