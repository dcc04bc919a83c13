package dev.eventstream.bus.postgres;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.BusServer;
import dev.eventstream.bus.ServerBusContract;

class PostgresBusTest extends ServerBusContract {
    PostgresBusTest() {
        super(BusServer.postgres());
    }

    @Override
    protected Bus busAt(String address) {
        return new PostgresBus(address, "eventstream", "", "eventstream");
    }
}
