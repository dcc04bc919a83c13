package dev.eventstream.http;

import dev.eventstream.ServedStreams;
import dev.eventstream.TestServer;
import dev.eventstream.TypesContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that the service holds itself. */
class DirectTypesTest extends TypesContract {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }
}
