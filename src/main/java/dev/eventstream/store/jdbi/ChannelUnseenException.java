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
                + "\" has no row in eventstream_channel that this transaction can see: another transaction has created it since"
                + " this one began (use READ COMMITTED to see it), or it was deleted; send again in a new transaction");
    }
}
