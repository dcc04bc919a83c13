package dev.eventstream.admin.action;

import com.codahale.metrics.Meter;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * All actions.
 *
 * <p>Thread-safe.
 */
public final class Actions {
    private final boolean areAllowed;
    private final List<Action> all;

    /**
     * @param areAllowed whether operators may use them
     * @param permissions applies a change of rights on all nodes and at all proxies
     * @param trimmed counts the events that are removed
     * @param moved reports the new position of a channel to this node, the others and the proxies
     * @param node the direct streams of this node
     */
    public Actions(
            boolean areAllowed,
            EventStore store,
            Consumer<AccessChange> permissions,
            Meter trimmed,
            BiConsumer<ChannelName, EventId> moved,
            Drainable node) {
        this.areAllowed = areAllowed;
        EpochRenewal renewal = new EpochRenewal(store, moved);
        this.all = List.of(
                new Disconnect(permissions),
                new Kick(permissions),
                new TrimLog(store, trimmed),
                new RenewEpoch(renewal),
                new DeleteLog(store, trimmed, renewal),
                new DrainNode(node),
                new ResumeNode(node));
    }

    /** Whether operators may use them ({@code eventStream.adminActions}). */
    public boolean areAllowed() {
        return areAllowed;
    }

    public List<Action> all() {
        return all;
    }

    /** The names of all fields. */
    public Set<String> fieldNames() {
        Set<String> names = new TreeSet<>();
        all.forEach(action -> action.fields().forEach(field -> names.add(field.name())));
        return names;
    }

    /**
     * The action of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Action named(String name) {
        return all.stream()
                .filter(action -> action.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no action " + PlainText.quote(name)
                        + "; allowed are "
                        + String.join(", ", all.stream().map(Action::name).toList())));
    }
}
