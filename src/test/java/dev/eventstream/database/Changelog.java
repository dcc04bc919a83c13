package dev.eventstream.database;

import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import liquibase.ChecksumVersion;
import liquibase.Liquibase;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;

/** A changelog on the class path, as {@code db migrate} applies it. Immutable. */
public record Changelog(String path) {
    /** An application's changelog, which includes the bundle's. */
    public static final Changelog APPLICATION = new Changelog("application-migrations.xml");

    /** The same with the optional function {@code eventstream_send}, for PostgreSQL. */
    public static final Changelog WITH_FUNCTION = new Changelog("application-migrations-with-function.xml");

    /** Applies it to a connection and closes the connection, because Liquibase leaves auto-commit off. */
    public void apply(Connection connection) {
        try (connection;
                Liquibase liquibase = liquibase(connection)) {
            liquibase.update("");
        } catch (Exception e) {
            throw new AssertionError("the changelog cannot be applied", e);
        }
    }

    /** The checksum of each change set that this database would run, by name. */
    public Map<String, String> checksums(Connection connection) {
        try (connection;
                Liquibase liquibase = liquibase(connection)) {
            Map<String, String> checksums = new LinkedHashMap<>();
            for (ChangeSet set : liquibase.getDatabaseChangeLog().getChangeSets()) {
                checksums.put(
                        set.toString(false),
                        set.generateCheckSum(ChecksumVersion.latest()).toString());
            }
            return checksums;
        } catch (Exception e) {
            throw new AssertionError("the changelog cannot be read", e);
        }
    }

    private Liquibase liquibase(Connection connection) throws LiquibaseException {
        Database database =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        return new Liquibase(path, new ClassLoaderResourceAccessor(), database);
    }
}
