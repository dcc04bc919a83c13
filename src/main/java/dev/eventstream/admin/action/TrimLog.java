package dev.eventstream.admin.action;

import com.codahale.metrics.Meter;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.PlainText;
import dev.eventstream.store.EventStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Removes old events of a channel. Thread-safe. */
final class TrimLog extends Action {
    private final EventStore store;
    private final Meter trimmed;

    /** @param trimmed counts the events that are removed */
    TrimLog(EventStore store, Meter trimmed) {
        super(
                "trim",
                "Trim a channel",
                Field.CHANNEL,
                new Field("keep", "how many of the newest events to keep"),
                new Field("before", "or a time before which events are removed, such as 2026-11-24T05:00:00Z"));
        this.store = store;
        this.trimmed = trimmed;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        Map<String, List<String>> given = new HashMap<>();
        for (Field field : fields()) {
            parameters.text(field.name()).ifPresent(value -> given.put(field.name(), List.of(value)));
        }
        TrimRequest request = TrimRequest.parse(given);
        return new Prepared(
                "trim channel " + PlainText.quote(request.channel().value()) + " to " + request.text(),
                "The events are removed from the log and cannot be restored. Readers whose position is removed get"
                        + " stream-reset.",
                () -> removed(new ChannelTrim(store, trimmed, request.channel(), request.limit())));
    }

    /** Runs a trim, and says how many events it has removed, even if it fails half way. */
    static String removed(ChannelTrim trim) {
        try {
            trim.run();
        } catch (RuntimeException e) {
            throw new ActionFailedException(trim.removed() + " events removed, then it failed: " + e.getMessage(), e);
        }
        return trim.removed() + " events removed";
    }
}
