package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;

/** Resets all readers of a channel. Thread-safe. */
final class RenewEpoch extends Action {
    private final EpochRenewal renewal;

    RenewEpoch(EpochRenewal renewal) {
        super("renew-epoch", "Renew the epoch of a channel", Field.CHANNEL);
        this.renewal = renewal;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        ChannelName channel = parameters.requiredChannel("channel");
        return new Prepared(
                "renew the epoch of channel " + PlainText.quote(channel.value()),
                "All positions of its readers become invalid, on all nodes: each of them gets stream-reset and fetches the"
                        + " present state. The events stay, but no reader who comes back gets those that it missed.",
                () -> renewal.renew(channel));
    }
}
