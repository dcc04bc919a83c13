package dev.eventstream.benchmarks.database;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import java.sql.Connection;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** The tables of the bundle. */
public final class Tables {
    private static final String CHANGELOG = "dev/eventstream/migrations.xml";

    static {
        silence();
    }

    private Tables() {}

    /** Otherwise drivers and Liquibase would log what they do, until an application starts. */
    static void silence() {
        BootstrapLogging.bootstrap(Level.WARN);
    }

    /** Creates them as {@code db migrate} does, and closes the connection, because Liquibase leaves auto-commit off. */
    public static void create(Connection connection) throws Exception {
        // Liquibase would print a line for each change set
        Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), () -> {
            try (connection;
                    Liquibase liquibase = liquibase(connection)) {
                liquibase.setShowSummary(UpdateSummaryEnum.OFF);
                liquibase.update("");
            }
        });
    }

    private static Liquibase liquibase(Connection connection) throws LiquibaseException {
        Database database =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        return new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(), database);
    }
}
