package dev.eventstream.example;

import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Who may read and write in which private room. A user needs a permission for each room; administrators need none. So a room is
 * private even before it has members. Thread-safe.
 */
final class Permissions {
    private final Jdbi jdbi;
    private final Set<String> administrators;

    /** @param administrators names of users */
    Permissions(Jdbi jdbi, Set<String> administrators) {
        this.jdbi = jdbi;
        this.administrators = Set.copyOf(administrators);
    }

    boolean isAdministrator(String user) {
        return administrators.contains(user);
    }

    /** Whether the user may read and write in the private room of this name, of any form. */
    boolean mayEnter(String user, String room) {
        return isAdministrator(user) || members(room).contains(user);
    }

    /** Users with a permission for the room. */
    Set<String> members(String room) {
        return jdbi.withHandle(handle -> handle.createQuery("select user_name from chat_permission where room = :room")
                .bind("room", room)
                .mapTo(String.class)
                .set());
    }

    /** The rooms that the user may enter: for an administrator, all that have a member. At most a hundred. */
    List<String> rooms(String user) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select distinct room from chat_permission where :all = 1 or user_name = :user order by room limit 100")
                .bind("all", isAdministrator(user) ? 1 : 0)
                .bind("user", user)
                .mapTo(String.class)
                .list());
    }

    /**
     * Gives a user a permission, or takes it away. It counts once the transaction commits.
     *
     * @return whether that changes anything
     */
    static boolean change(Handle handle, Room room, String user, boolean isAllowed) {
        int removed = handle.createUpdate("delete from chat_permission where room = :room and user_name = :user")
                .bind("room", room.name())
                .bind("user", user)
                .execute();
        if (isAllowed) {
            handle.createUpdate("insert into chat_permission (room, user_name) values (:room, :user)")
                    .bind("room", room.name())
                    .bind("user", user)
                    .execute();
        }
        return isAllowed != removed > 0;
    }
}
