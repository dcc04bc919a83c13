package dev.eventstream.channel;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names a set of channels in configuration: a name in which each {@code *} stands for any run of characters, also an
 * empty one. {@code typing-*} means every channel whose name starts with {@code typing-}.
 *
 * <p>Immutable.
 */
public final class ChannelPattern {
    private final String text;
    private final Pattern pattern;

    /**
     * @throws IllegalArgumentException if the text is no possible channel name
     */
    public ChannelPattern(String text) {
        this.text = new ChannelName(text).value();
        this.pattern = Pattern.compile(
                Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    /** Whether the whole name fits the pattern. */
    public boolean matches(ChannelName channel) {
        return pattern.matcher(channel.value()).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
