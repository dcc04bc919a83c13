package dev.eventstream.bus;

import dev.eventstream.bus.testing.BusContract;

class MemoryBusTest extends BusContract {
    private final MemoryBus bus = new MemoryBus();

    @Override
    protected Bus bus() {
        return bus;
    }
}
