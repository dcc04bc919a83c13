package dev.eventstream.store.jdbi;

import dev.eventstream.store.EventStoreException;
import java.sql.DatabaseMetaData;
import org.jdbi.v3.core.Handle;

/** Finds the dialect of a database. */
final class Dialects {
    private Dialects() {}

    /**
     * The dialect of the database that a handle is connected to.
     *
     * @throws EventStoreException if the database is not supported
     */
    static Dialect of(Handle handle) {
        String product = handle.queryMetadata(DatabaseMetaData::getDatabaseProductName);
        String version = handle.queryMetadata(DatabaseMetaData::getDatabaseProductVersion);
        // MySQL's driver reports every server as MySQL
        if (product.equals("MariaDB") || version.contains("MariaDB")) {
            return new MariaDbDialect();
        }
        return switch (product) {
            case "H2" -> new H2Dialect();
            case "PostgreSQL" -> new PostgresDialect();
            default ->
                throw new EventStoreException(
                        "dropwizard-eventstream keeps its log in H2, PostgreSQL or MariaDB, and this database is "
                                + product + " " + version);
        };
    }
}
