package dev.eventstream.torture;

import dev.eventstream.database.DatabaseServer;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;

/** A private PostgreSQL or MariaDB server. Thread-safe. */
final class ServerDatabase implements Database {
    private final DatabaseServer server;
    private final String driver;
    private final String options;
    private final String database;

    private ServerDatabase(DatabaseServer server, String driver, String options) {
        this.server = server;
        this.driver = driver;
        this.options = options;
        this.database = server.freshDatabase();
    }

    static ServerDatabase postgresql() throws Exception {
        return new ServerDatabase(
                PostgresServer.startNew(), "org.postgresql.Driver", "?socketTimeout=10&connectTimeout=3");
    }

    static ServerDatabase mariaDb() throws Exception {
        return new ServerDatabase(
                MariaDbServer.startNew(), "org.mariadb.jdbc.Driver", "?socketTimeout=10000&connectTimeout=3000");
    }

    @Override
    public String driver() {
        return driver;
    }

    @Override
    public String url(int throughPort) {
        return server.jdbcUrl(database).replace(":" + server.port() + '/', ":" + throughPort + '/') + options;
    }

    @Override
    public String user() {
        return server.user();
    }

    @Override
    public String password() {
        return server.password();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Connection connect() throws SQLException {
        return server.connect(database);
    }

    @Override
    public void kill() throws Exception {
        server.kill();
    }

    @Override
    public void start() throws Exception {
        server.start();
    }

    @Override
    public void close() {
        server.close();
    }
}
