package dev.eventstream.http;

import dev.eventstream.ServedStreams;
import dev.eventstream.StartContract;
import dev.eventstream.TestServer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that the service holds itself. */
class DirectStartTest extends StartContract {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }
}
