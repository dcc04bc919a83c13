package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.PlainText;
import java.util.function.Consumer;

/** Ends all streams of a user. Thread-safe. */
final class Disconnect extends Action {
    private final Consumer<AccessChange> permissions;

    /** @param permissions applies a change on all nodes and at all proxies */
    Disconnect(Consumer<AccessChange> permissions) {
        super(
                "disconnect",
                "Disconnect a user",
                new Field("user", "name of the user"),
                new Field("reason", "what the user is told (optional)"));
        this.permissions = permissions;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        String user = parameters.requiredUser("user");
        AccessChange change =
                new AccessChange.Disconnected(user, parameters.text("reason").orElse("You have been disconnected."));
        return new Prepared(
                "disconnect user " + PlainText.quote(user),
                "All streams of the user end, on every node and at every proxy. This withdraws no rights: end the user's session"
                        + " first, or else the user can open new streams.",
                () -> {
                    permissions.accept(change);
                    return "the nodes and proxies have been told";
                });
    }
}
