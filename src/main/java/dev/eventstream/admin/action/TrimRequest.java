package dev.eventstream.admin.action;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.store.TrimLimit;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a trim, checked.
 *
 * <p>Immutable.
 *
 * @param channel the channel whose events are removed
 * @param limit determines which events stay
 * @param text the limit as the operator wrote it, for the log
 */
public record TrimRequest(ChannelName channel, TrimLimit limit, String text) {
    private static final String USE =
            "; use channel=NAME and either before=TIME, such as 2026-11-24T05:00:00Z, or keep=NUMBER";

    /**
     * Reads the parameters.
     *
     * @throws IllegalArgumentException if one is missing, unknown or not allowed; the message names it and shows the use
     */
    public static TrimRequest parse(Map<String, List<String>> parameters) {
        requireKnown(parameters);
        ChannelName channel = channel(one(parameters, "channel"));
        if (parameters.containsKey("before") == parameters.containsKey("keep")) {
            throw new IllegalArgumentException("exactly one of before and keep is required" + USE);
        }
        if (parameters.containsKey("before")) {
            Instant before = time(one(parameters, "before"));
            return new TrimRequest(channel, TrimLimit.since(before), "before=" + before);
        }
        long keep = number(one(parameters, "keep"));
        return new TrimRequest(channel, TrimLimit.newest(keep), "keep=" + keep);
    }

    private static void requireKnown(Map<String, List<String>> parameters) {
        for (String name : parameters.keySet()) {
            if (!List.of("channel", "before", "keep").contains(name)) {
                throw new IllegalArgumentException("there is no parameter " + PlainText.quote(name) + USE);
            }
        }
    }

    private static String one(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw new IllegalArgumentException(
                    name + " is given " + values.size() + " times; it must be given once" + USE);
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
            throw new IllegalArgumentException(
                    "before is " + PlainText.quote(value) + ", which is not a time" + USE, e);
        }
    }

    private static long number(String value) {
        try {
            if (value.matches("[0-9]+")) {
                return Long.parseLong(value);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("keep is " + PlainText.quote(value) + ", which is too large" + USE, e);
        }
        throw new IllegalArgumentException("keep is " + PlainText.quote(value) + ", which is not a number" + USE);
    }
}
