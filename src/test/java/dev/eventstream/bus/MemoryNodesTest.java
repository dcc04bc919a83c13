package dev.eventstream.bus;

import java.util.UUID;

class MemoryNodesTest extends TwoNodesContract.Fast {
    MemoryNodesTest() {
        super("bus: {type: memory, name: " + UUID.randomUUID() + "}");
    }
}
