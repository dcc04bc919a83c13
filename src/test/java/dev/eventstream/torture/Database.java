package dev.eventstream.torture;

import java.sql.Connection;
import java.sql.SQLException;

/** The server of the database that all nodes share. What it has committed survives {@link #kill}. Thread-safe. */
interface Database extends AutoCloseable {

    /** Of the JDBC driver. */
    String driver();

    /**
     * For a node.
     *
     * @param port of whatever is between the node and the server
     */
    String url(int port);

    String user();

    String password();

    /** Of the server itself. */
    int port();

    /** A connection that no fault is between. */
    Connection connect() throws SQLException;

    /** Ends it as a power cut would (SIGKILL). */
    void kill() throws Exception;

    /** Starts it again after {@link #kill}. */
    void start() throws Exception;

    @Override
    void close();
}
