package dev.eventstream.example;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * Numbered turns that all nodes share. Each turn is taken once, by one node. So no number is missing and none comes twice, and several
 * nodes together are no faster than one. Stateless, thread-safe.
 */
final class Turns {
    private Turns() {}

    /**
     * Takes the next turn, if it is time. It counts once the transaction commits; until then, other nodes wait.
     *
     * @param name a row of the table, which a migration has inserted
     * @param pause the shortest time between two turns
     */
    static OptionalLong take(Handle handle, String name, Duration pause, Instant now) {
        int taken = handle.createUpdate(
                        "update demo_turn set turn = turn + 1, taken_at = :now where name = :name and taken_at <= :due")
                .bind("name", name)
                .bind("now", now.toEpochMilli())
                .bind("due", now.minus(pause).toEpochMilli())
                .execute();
        if (taken == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(handle.createQuery("select turn from demo_turn where name = :name")
                .bind("name", name)
                .mapTo(long.class)
                .one());
    }
}
