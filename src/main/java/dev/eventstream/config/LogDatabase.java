package dev.eventstream.config;

import io.dropwizard.db.PooledDataSourceFactory;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The database that contains the log, if the application does not supply the store.
 *
 * <p>Immutable.
 */
public final class LogDatabase {
    private final @Nullable PooledDataSourceFactory settings;
    private final @Nullable Jdbi connections;

    private LogDatabase(@Nullable PooledDataSourceFactory settings, @Nullable Jdbi connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /** No database, because the application supplies the store. */
    public static LogDatabase none() {
        return new LogDatabase(null, null);
    }

    /**
     * A database.
     *
     * @param settings the block of the application's configuration
     * @param connections from the bundle's own pool, with auto-commit
     */
    public static LogDatabase of(PooledDataSourceFactory settings, Jdbi connections) {
        return new LogDatabase(settings, connections);
    }

    /** The block of the application's configuration. */
    public Optional<PooledDataSourceFactory> settings() {
        return Optional.ofNullable(settings);
    }

    /** Connections from the bundle's own pool, with auto-commit. */
    public Optional<Jdbi> connections() {
        return Optional.ofNullable(connections);
    }
}
