package dev.eventstream.bus.jdbi;

import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

class H2JdbiBusTest extends JdbiBusContract {
    H2JdbiBusTest() {
        super(Jdbi.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));
    }
}
