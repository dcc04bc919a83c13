package dev.eventstream;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Finished channels, read directly. */
class FinishedChannelsTest extends FinishedChannelsContract {
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
