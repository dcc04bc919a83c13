package dev.eventstream.pushpin;

import dev.eventstream.StartContract;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that a real Pushpin holds. */
class BehindPushpinStartTest extends StartContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended();

    @Override
    protected TestServer server() {
        return SERVER.server();
    }

    @Override
    protected TestStream stream(String path, String... headers) {
        return SERVER.stream(path, headers);
    }
}
