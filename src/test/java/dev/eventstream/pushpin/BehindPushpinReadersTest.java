package dev.eventstream.pushpin;

import dev.eventstream.TestServer;
import dev.eventstream.readers.Library;
import dev.eventstream.readers.ReadersContract;
import java.util.Collection;
import java.util.EnumSet;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Five readers of other projects, behind a real Pushpin. */
class BehindPushpinReadersTest extends ReadersContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended(
                    "eventStream.keepAlive=1s", "eventStream.retry.min=100ms", "eventStream.retry.max=200ms")
            .withMore("clientScript: /eventstream.js");

    @Override
    protected TestServer server() {
        return SERVER.server();
    }

    @Override
    protected int port() {
        return SERVER.pushpin().uri().getPort();
    }

    @Override
    protected boolean marksEnds() {
        return false;
    }

    @Override
    protected Collection<Library> libraries() {
        return EnumSet.of(
                Library.EVENTSOURCE,
                Library.EVENT_SOURCE_POLYFILL,
                Library.RECONNECTING_EVENTSOURCE,
                Library.FETCH_EVENT_SOURCE,
                Library.JERSEY);
    }
}
