package dev.eventstream.torture;

import java.sql.Connection;
import java.sql.SQLException;

/** The server of the database that all nodes share. Committed data survives {@link #kill}. Thread-safe. */
interface Database extends AutoCloseable {

    /** The class name of the JDBC driver. */
    String driver();

    /**
     * The JDBC URL for a node.
     *
     * @param port of the proxy between the node and the server
     */
    String url(int port);

    String user();

    String password();

    /** The port of the server itself. */
    int port();

    /** A direct connection, which no fault affects. */
    Connection connect() throws SQLException;

    /** Kills it, as a power cut would (SIGKILL). */
    void kill() throws Exception;

    /** Starts it again after {@link #kill}. */
    void start() throws Exception;

    @Override
    void close();
}
