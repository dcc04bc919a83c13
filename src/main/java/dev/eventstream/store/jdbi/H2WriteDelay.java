package dev.eventstream.store.jdbi;

import dev.eventstream.store.EventStoreException;
import java.sql.DatabaseMetaData;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * H2 in a file says that a transaction has committed and writes it up to half a second later, unless told otherwise. An
 * event that is lost so was sent already, and its id would be given to another one.
 */
final class H2WriteDelay {
    private H2WriteDelay() {}

    /**
     * @throws EventStoreException if the database is H2 and delays its writing
     */
    static void requireNone(Handle handle) {
        if (!handle.queryMetadata(DatabaseMetaData::getDatabaseProductName).equals("H2")) {
            return;
        }
        for (String delay : delays(handle)) {
            if (!delay.equals("0")) {
                throw new EventStoreException(
                        "H2 writes what was committed up to " + delay + " ms later, so that events that"
                                + " were sent are lost with the process; add ;WRITE_DELAY=0 to the url of the database");
            }
        }
    }

    private static List<String> delays(Handle handle) {
        try (Query query =
                handle.createQuery("SELECT setting_value FROM information_schema.settings WHERE setting_name = ?")) {
            return query.bind(0, "WRITE_DELAY")
                    .map((row, context) -> row.getString(1))
                    .list();
        }
    }
}
