package dev.eventstream.store.jdbi;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** Connections to a database that fail when a test wants them to. */
final class FaultyConnections implements ConnectionFactory {
    /** Called before each call of a connection's method; fails it by throwing. */
    @FunctionalInterface
    interface Fault {
        void before(String call) throws SQLException;
    }

    private final TestDatabase database;
    private final AtomicReference<Fault> fault = new AtomicReference<>(call -> {});

    FaultyConnections(TestDatabase database) {
        this.database = database;
    }

    Jdbi jdbi() {
        return Jdbi.create(this);
    }

    /** Takes effect at once. A call is described by the method's name, and its arguments if it has any. */
    void fail(Fault how) {
        fault.set(how);
    }

    void failNoMore() {
        fault.set(call -> {});
    }

    @Override
    public Connection openConnection() throws SQLException {
        fault.get().before("openConnection");
        Connection connection = database.dataSource().getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    fault.get()
                            .before(
                                    arguments == null
                                            ? method.getName()
                                            : method.getName() + Arrays.toString(arguments));
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
