package dev.eventstream.http;

import dev.eventstream.StartContract;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that the service holds itself. */
class DirectStartTest extends StartContract {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Override
    protected TestServer server() {
        return SERVER;
    }

    @Override
    protected TestStream stream(String path, String... headers) {
        return SERVER.stream(path, headers);
    }
}
