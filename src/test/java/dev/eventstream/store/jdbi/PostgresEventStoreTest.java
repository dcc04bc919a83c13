package dev.eventstream.store.jdbi;

import dev.eventstream.database.PostgresServer;

class PostgresEventStoreTest extends JdbiEventStoreContract {
    PostgresEventStoreTest() {
        super(TestDatabase.freshOn(PostgresServer.shared()));
    }
}
