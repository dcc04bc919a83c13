package dev.eventstream.admin.page;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a request, checked: each is known, given once, and not too long. One that is empty counts as left out.
 *
 * <p>Immutable.
 */
public final class Parameters {
    /** Longest value, in characters. */
    static final int MAX_LENGTH = 4_000;

    private static final int MAX_NAME_LENGTH = 255;

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads the parameters of a request.
     *
     * @param allowed the names
     * @throws IllegalArgumentException if a parameter is unknown, given twice or too long; the message names it
     */
    public static Parameters of(Map<String, String[]> raw, Collection<String> allowed) {
        Map<String, String> values = new HashMap<>();
        raw.forEach((name, given) -> {
            if (!allowed.contains(name)) {
                throw new IllegalArgumentException("there is no parameter " + PlainText.quote(name) + "; allowed are "
                        + String.join(", ", allowed.stream().sorted().toList()));
            }
            String value = one(name, given);
            if (!value.isEmpty()) {
                values.put(name, value);
            }
        });
        return new Parameters(values);
    }

    private static String one(String name, String[] given) {
        if (given.length != 1) {
            throw new IllegalArgumentException(
                    name + " is given " + given.length + " times; it must be given once at most");
        }
        if (given[0].length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + given[0].length() + " characters; allowed are up to " + MAX_LENGTH);
        }
        return given[0];
    }

    /** A text. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * A text that must be given.
     *
     * @throws IllegalArgumentException if it is not
     */
    public String required(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    /**
     * The name of a channel.
     *
     * @throws IllegalArgumentException if no channel can have that name
     */
    public Optional<ChannelName> channel(String name) {
        try {
            return text(name).map(ChannelName::new);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * The name of a channel that must be given.
     *
     * @throws IllegalArgumentException if it is not, or no channel can have that name
     */
    public ChannelName requiredChannel(String name) {
        return channel(name).orElseThrow(() -> missing(name));
    }

    /**
     * The name of a user that must be given.
     *
     * @throws IllegalArgumentException if it is not, or is not allowed
     */
    public String requiredUser(String name) {
        return user(name).orElseThrow(() -> missing(name));
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException(name + " is missing");
    }

    /**
     * The name of a user.
     *
     * @throws IllegalArgumentException if it is too long or has control characters
     */
    public Optional<String> user(String name) {
        text(name)
                .filter(user -> user.length() > MAX_NAME_LENGTH || !PlainText.isPlain(user))
                .ifPresent(user -> {
                    throw new IllegalArgumentException(name + " is " + PlainText.quote(user) + "; allowed are up to "
                            + MAX_NAME_LENGTH + " characters without control characters");
                });
        return text(name);
    }

    /**
     * A number from 1 on.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public Optional<Long> number(String name) {
        return text(name).map(value -> {
            if (!value.matches("[1-9][0-9]{0,17}")) {
                throw new IllegalArgumentException(
                        name + " is " + PlainText.quote(value) + "; allowed is a number from 1 on");
            }
            return Long.valueOf(value);
        });
    }

    /**
     * One of several words; the first if none is given.
     *
     * @throws IllegalArgumentException if it is another word
     */
    public String oneOf(String name, List<String> words) {
        String word = text(name).orElse(words.get(0));
        if (!words.contains(word)) {
            throw new IllegalArgumentException(
                    name + " is " + PlainText.quote(word) + "; allowed are " + String.join(", ", words));
        }
        return word;
    }
}
