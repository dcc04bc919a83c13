package dev.eventstream.pushpin;

import dev.eventstream.FinishedChannelsContract;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Finished channels, through a real Pushpin. */
class BehindPushpinFinishTest extends FinishedChannelsContract {
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
