package dev.eventstream.example;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import java.util.function.BiPredicate;

/**
 * Decides who may read which channel of the example. The first rule that matches applies:
 *
 * <ul>
 *   <li>{@code private-alice} is for the user alice.
 *   <li>{@code members-staff} and {@code typing-members-staff} are for users who may enter the private room {@code staff}.
 *   <li>Channels that begin with {@code _} are for every user who has signed in.
 *   <li>All others are public, including those of the public rooms.
 * </ul>
 *
 * <p>Users who may read a private room also see who is in it.
 *
 * <p>Thread-safe if the permissions are.
 */
public final class RoomAuthorizer implements ChannelAuthorizer {
    private static final String PRIVATE = "private-";

    private final BiPredicate<String, String> mayEnter;

    /** @param mayEnter whether a user may enter a private room: the names of both */
    RoomAuthorizer(BiPredicate<String, String> mayEnter) {
        this.mayEnter = mayEnter;
    }

    @Override
    public boolean mayRead(Reader reader, ChannelName channel) {
        String name = channel.value();
        if (name.startsWith(PRIVATE)) {
            return reader.isUser(name.substring(PRIVATE.length()));
        }
        if (name.startsWith(Room.MEMBERS)) {
            return mayEnter(reader, name.substring(Room.MEMBERS.length()));
        }
        if (name.startsWith(Room.TYPING + Room.MEMBERS)) {
            return mayEnter(reader, name.substring((Room.TYPING + Room.MEMBERS).length()));
        }
        if (name.startsWith("_")) {
            return reader.principal().isPresent();
        }
        return true;
    }

    private boolean mayEnter(Reader reader, String room) {
        return reader.user().filter(user -> mayEnter.test(user, room)).isPresent();
    }

    @Override
    public boolean mayReadPresence(Reader reader, ChannelName channel) {
        return channel.value().startsWith(Room.MEMBERS) && mayRead(reader, channel);
    }
}
