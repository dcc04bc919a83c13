package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import java.util.List;

/** Resets all readers of a channel. Thread-safe. */
final class RenewEpoch implements Action {
    private final EpochRenewal renewal;

    RenewEpoch(EpochRenewal renewal) {
        this.renewal = renewal;
    }

    @Override
    public String name() {
        return "renew-epoch";
    }

    @Override
    public String title() {
        return "Renew the epoch of a channel";
    }

    @Override
    public List<Field> fields() {
        return List.of(new Field("channel", "channel"));
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
