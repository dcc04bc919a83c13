package dev.eventstream.bus.jdbi;

import dev.eventstream.database.PostgresServer;

class PostgresJdbiBusTest extends JdbiBusContract {
    PostgresJdbiBusTest() {
        super(freshOn(PostgresServer.shared()));
    }
}
