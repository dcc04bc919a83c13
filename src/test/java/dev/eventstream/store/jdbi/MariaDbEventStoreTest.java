package dev.eventstream.store.jdbi;

import dev.eventstream.database.MariaDbServer;

class MariaDbEventStoreTest extends JdbiEventStoreContract {
    MariaDbEventStoreTest() {
        super(TestDatabase.freshOn(MariaDbServer.shared()));
    }
}
