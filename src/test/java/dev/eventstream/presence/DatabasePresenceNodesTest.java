package dev.eventstream.presence;

class DatabasePresenceNodesTest extends PresenceNodesContract {
    DatabasePresenceNodesTest() {
        super(() -> "{type: database}");
    }
}
