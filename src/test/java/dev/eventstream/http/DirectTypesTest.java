package dev.eventstream.http;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.TypesContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that the service holds itself. */
class DirectTypesTest extends TypesContract {
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
