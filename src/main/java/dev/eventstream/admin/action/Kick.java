package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import java.util.Optional;
import java.util.function.Consumer;

/** Has the rights of readers of a channel checked again. Thread-safe. */
final class Kick extends Action {
    private final Consumer<AccessChange> permissions;

    /** @param permissions applies a change on all nodes and at all proxies */
    Kick(Consumer<AccessChange> permissions) {
        super(
                "kick",
                "Check rights again, and kick readers who have lost them",
                Field.CHANNEL,
                new Field("user", "name of the user; empty for all readers of the channel"));
        this.permissions = permissions;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        ChannelName channel = parameters.requiredChannel("channel");
        Optional<String> user = parameters.user("user");
        AccessChange change = user.<AccessChange>map(name -> new AccessChange.OfUser(name, channel))
                .orElseGet(() -> new AccessChange.OfChannel(channel));
        return new Prepared(
                "check again the rights of "
                        + user.map(name -> "user " + PlainText.quote(name)).orElse("all readers")
                        + " to read channel " + PlainText.quote(channel.value()),
                "Every node asks its authorizer again about these streams. Those whose reader may not read the channel any more"
                        + " end with stream-error forbidden; the others stay open.",
                () -> {
                    permissions.accept(change);
                    return "the nodes and proxies have been told";
                });
    }
}
