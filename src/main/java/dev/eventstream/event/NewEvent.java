package dev.eventstream.event;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event to send.
 *
 * <p>Immutable.
 */
public final class NewEvent {
    /** Longest idempotency key, in UTF-16 code units. */
    public static final int MAX_KEY_LENGTH = 255;

    /** Longest user name to skip, in UTF-16 code units. */
    public static final int MAX_USER_LENGTH = 255;

    private final ChannelName channel;
    private final EventType type;
    private final String data;
    private final Set<String> skipUsers;
    private final @Nullable String idempotencyKey;

    private NewEvent(
            ChannelName channel, EventType type, String data, Set<String> skipUsers, @Nullable String idempotencyKey) {
        this.channel = channel;
        this.type = type;
        this.data = data;
        this.skipUsers = Set.copyOf(skipUsers);
        this.idempotencyKey = idempotencyKey;
    }

    /**
     * An event with the given text as its data. {@code text/event-stream} cannot carry CR and CR LF; readers get LF instead.
     *
     * @throws IllegalArgumentException if the channel or type is not allowed, or the text has half a surrogate pair,
     *     which UTF-8 cannot carry
     */
    public static NewEvent text(String channel, String type, String data) {
        if (!PlainText.isUnicode(data)) {
            throw new IllegalArgumentException("event data has half a surrogate pair, which UTF-8 cannot carry");
        }
        return new NewEvent(new ChannelName(channel), EventType.ofApplication(type), data, Set.of(), null);
    }

    /** The event that finishes a channel. Readers are not shown it; they get {@code stream-end} once all channels are finished. */
    public static NewEvent end(ChannelName channel) {
        return new NewEvent(channel, EventType.END, "", Set.of(), null);
    }

    /**
     * The same event, hidden from the named user too.
     *
     * @param user 1 to {@value #MAX_USER_LENGTH} characters without control characters or half a surrogate pair
     * @throws IllegalArgumentException if the name is not allowed; the message quotes its beginning
     */
    public NewEvent skippingUser(String user) {
        if (!fits(user, MAX_USER_LENGTH)) {
            throw new IllegalArgumentException(
                    "user to skip " + PlainText.quote(user) + " is not allowed; allowed are 1 to " + MAX_USER_LENGTH
                            + " characters without control characters or half a surrogate pair");
        }
        Set<String> users = new HashSet<>(skipUsers);
        users.add(user);
        return new NewEvent(channel, type, data, users, idempotencyKey);
    }

    /**
     * The same event under a key chosen by the sender. While an event with that key is stored in the channel, sending another
     * one stores nothing and returns the first event.
     *
     * @param key 1 to {@value #MAX_KEY_LENGTH} characters without control characters or half a surrogate pair
     * @throws IllegalArgumentException if the key is not allowed; the message does not quote it
     */
    public NewEvent withIdempotencyKey(String key) {
        if (!fits(key, MAX_KEY_LENGTH)) {
            throw new IllegalArgumentException("an idempotency key of " + key.length()
                    + " characters is not allowed; allowed are 1 to " + MAX_KEY_LENGTH
                    + " characters without control characters or half a surrogate pair");
        }
        return new NewEvent(channel, type, data, skipUsers, key);
    }

    /** Whether it finishes its channel. */
    public boolean isEnd() {
        return type.equals(EventType.END);
    }

    public ChannelName channel() {
        return channel;
    }

    public EventType type() {
        return type;
    }

    /** The encoded data that readers get. */
    public String data() {
        return data;
    }

    /** Users that must not get the event; usually empty. */
    public Set<String> skipUsers() {
        return skipUsers;
    }

    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /** Names the channel and type and the size of the data, never the data. */
    @Override
    public String toString() {
        return "event of type \"" + type + "\" with " + data.length() + " characters for channel \"" + channel + '"';
    }

    private static boolean fits(String name, int maxLength) {
        return !name.isEmpty() && name.length() <= maxLength && PlainText.isPlain(name);
    }
}
