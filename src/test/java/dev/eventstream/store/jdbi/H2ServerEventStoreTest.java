package dev.eventstream.store.jdbi;

import dev.eventstream.network.FreePorts;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;

/** H2 in a server, where the store limits lock waits with SQL. */
class H2ServerEventStoreTest extends JdbiEventStoreContract {
    private static final Server SERVER = start();

    H2ServerEventStoreTest() {
        super(new TestDatabase(
                "jdbc:h2:tcp://localhost:" + SERVER.getPort() + "/mem:log;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000",
                "sa",
                ""));
    }

    private static Server start() {
        try {
            return Server.createTcpServer("-tcpPort", Integer.toString(FreePorts.next()), "-ifNotExists")
                    .start();
        } catch (SQLException e) {
            throw new AssertionError("H2's server does not start", e);
        }
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }
}
