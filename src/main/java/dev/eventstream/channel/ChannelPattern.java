package dev.eventstream.channel;

import java.util.List;

/**
 * Names a set of channels in configuration: a name in which each {@code *} stands for any characters, or none.
 * {@code typing-*} means every channel whose name starts with {@code typing-}.
 *
 * <p>Immutable. No regular expression, because clients choose the names: the work is bounded by the length of the name times
 * that of the pattern.
 */
public final class ChannelPattern {
    private final String text;
    private final List<String> parts;

    /**
     * @throws IllegalArgumentException if the text is not a possible channel name
     */
    public ChannelPattern(String text) {
        this.text = new ChannelName(text).value();
        this.parts = List.of(text.split("\\*", -1));
    }

    /** Whether the pattern matches the whole name. */
    public boolean matches(ChannelName channel) {
        String name = channel.value();
        if (parts.size() == 1) {
            return name.equals(text);
        }
        String first = parts.get(0);
        String last = parts.get(parts.size() - 1);
        if (!name.startsWith(first) || !name.endsWith(last)) {
            return false;
        }
        int at = first.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = name.indexOf(part, at);
            if (found < 0) {
                return false;
            }
            at = found + part.length();
        }
        return at <= name.length() - last.length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
