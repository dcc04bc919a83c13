package dev.eventstream;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Finished channels, read directly. */
class FinishedChannelsTest extends FinishedChannelsContract {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }
}
