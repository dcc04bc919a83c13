package dev.eventstream.pushpin;

import dev.eventstream.ServedStreams;
import dev.eventstream.StartContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that a real Pushpin holds. */
class BehindPushpinStartTest extends StartContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }
}
