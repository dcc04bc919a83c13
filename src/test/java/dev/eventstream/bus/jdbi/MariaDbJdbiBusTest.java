package dev.eventstream.bus.jdbi;

import dev.eventstream.database.MariaDbServer;

class MariaDbJdbiBusTest extends JdbiBusContract {
    MariaDbJdbiBusTest() {
        super(freshOn(MariaDbServer.shared()));
    }
}
