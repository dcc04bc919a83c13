package dev.eventstream.admin;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;
import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Removes events of a channel at once: {@code POST /tasks/eventstream-trim?channel=orders&keep=1000}, or
 * {@code &before=2026-11-24T05:00:00Z}. Readers whose position is removed get {@code stream-reset}.
 *
 * <p>Answers how many events were removed; 500 with a sentence if a parameter is missing or not allowed, or the database
 * fails. Removes in bounded transactions, so one that fails half way has removed the oldest.
 *
 * <p>Thread-safe.
 */
public final class TrimTask extends Task {
    /** Events that one transaction removes, at most. */
    static final int BATCH = 1_000;

    private static final String USE =
            "; use channel=NAME and either before=TIME, such as 2026-11-24T05:00:00Z, or keep=NUMBER";

    private final EventStore store;

    public TrimTask(EventStore store) {
        super("eventstream-trim");
        this.store = store;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        requireKnown(parameters);
        ChannelName channel = channel(one(parameters, "channel"));
        TrimLimit keep = keep(parameters);
        long removed = 0;
        int batch = BATCH;
        while (batch == BATCH) {
            batch = store.trim(channel, keep, BATCH);
            removed += batch;
        }
        output.println("Trimmed " + removed + " events of channel \"" + channel + '"');
    }

    private static void requireKnown(Map<String, List<String>> parameters) {
        for (String name : parameters.keySet()) {
            if (!List.of("channel", "before", "keep").contains(name)) {
                throw new IllegalArgumentException("there is no parameter " + PlainText.quote(name) + USE);
            }
        }
    }

    private static TrimLimit keep(Map<String, List<String>> parameters) {
        if (parameters.containsKey("before") == parameters.containsKey("keep")) {
            throw new IllegalArgumentException("exactly one of before and keep is needed" + USE);
        }
        return parameters.containsKey("before")
                ? TrimLimit.since(time(one(parameters, "before")))
                : TrimLimit.newest(number(one(parameters, "keep")));
    }

    private static String one(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw new IllegalArgumentException(name + " is given " + values.size() + " times; once is needed" + USE);
        }
        return values.get(0);
    }

    private static ChannelName channel(String value) {
        try {
            return new ChannelName(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("channel: " + e.getMessage() + USE, e);
        }
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("before is " + PlainText.quote(value) + ", which is no time" + USE, e);
        }
    }

    private static long number(String value) {
        try {
            if (value.matches("[0-9]+")) {
                return Long.parseLong(value);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("keep is " + PlainText.quote(value) + ", which is too much" + USE, e);
        }
        throw new IllegalArgumentException("keep is " + PlainText.quote(value) + ", which is no number" + USE);
    }
}
