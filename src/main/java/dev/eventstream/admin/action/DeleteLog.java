package dev.eventstream.admin.action;

import com.codahale.metrics.Meter;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;

/**
 * Removes all events of a channel and renews its epoch. The channel's name and the number of its last event stay, so that no id is used
 * again. Thread-safe.
 */
final class DeleteLog extends Action {
    private final EventStore store;
    private final Meter trimmed;
    private final EpochRenewal renewal;

    /** @param trimmed counts the events that are removed */
    DeleteLog(EventStore store, Meter trimmed, EpochRenewal renewal) {
        super("delete", "Delete the log of a channel", Field.CHANNEL);
        this.store = store;
        this.trimmed = trimmed;
        this.renewal = renewal;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        ChannelName channel = parameters.requiredChannel("channel");
        return new Prepared(
                "delete the log of channel " + PlainText.quote(channel.value()),
                "All of its events are removed and cannot be restored, and all of its readers get stream-reset. The channel can"
                        + " still be sent to; its numbers continue.",
                () -> {
                    String removed = TrimLog.removed(new ChannelTrim(store, trimmed, channel, TrimLimit.newest(0)));
                    try {
                        return removed + "; " + renewal.renew(channel);
                    } catch (RuntimeException e) {
                        throw new ActionFailedException(removed + ", then it failed: " + e.getMessage(), e);
                    }
                });
    }
}
