package dev.eventstream;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Latest channels, read directly. */
class LatestChannelsTest extends LatestChannelsContract {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }
}
