package dev.eventstream.presence;

import java.util.UUID;

class MemoryPresenceNodesTest extends PresenceNodesContract.Fast {
    private static final String NAME = UUID.randomUUID().toString();

    MemoryPresenceNodesTest() {
        super(() -> "{type: memory, name: " + NAME + "}");
    }
}
