package dev.eventstream.store.jdbi;

import dev.eventstream.database.MariaDbServer;

/** MariaDB through MySQL's driver. */
class MySqlDriverEventStoreTest extends JdbiEventStoreContract {
    MySqlDriverEventStoreTest() {
        super(database(MariaDbServer.shared()));
    }

    private static TestDatabase database(MariaDbServer server) {
        return new TestDatabase(server.mysqlUrl(server.freshDatabase()), server.user(), server.password());
    }
}
