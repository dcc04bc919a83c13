package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawStream;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An administrator looks at the pages of a node while it drains and stops. */
class StopWhileWatchedTest {
    /** Streams that take about two seconds to end. */
    private static final int STREAMS = 400;

    private static final List<String> PAGES = List.of(
            "overview",
            "streams",
            "channels",
            "why?event=orders%3Dk3f9x2-1",
            "actions",
            "overview.json",
            "streams.json");

    /** Asks for all pages repeatedly until the admin port is closed. Returns the bodies. */
    private static List<String> watch(AdminPort admin) {
        List<String> seen = new ArrayList<>();
        while (true) {
            for (String page : PAGES) {
                RawHttp.Answer answer;
                try {
                    answer = admin.get(page);
                } catch (IOException e) { // the port is closed
                    return seen;
                }
                if (answer.status() == 0) { // the connection was closed without an answer
                    return seen;
                }
                assertThat(answer.status()).as("%s: %s", page, answer.body()).isIn(200, 503);
                assertThat(answer.body()).doesNotContain("Exception", "The page could not be made");
                seen.add(answer.body());
            }
        }
    }

    @Test
    void each_page_is_answered_until_the_port_closes_and_delays_nothing() throws Exception {
        TestServer server = new TestServer("eventStream.adminActions=true");
        server.start();
        List<RawStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new RawStream(server.port(), "/events?channel=orders"));
            streams.get(i).readUntil("stream-open");
        }
        int port = server.adminPort(); // a server that has stopped has none
        CompletableFuture<List<String>> watched = CompletableFuture.supplyAsync(() -> watch(new AdminPort(() -> port)));
        server.stop();

        List<String> seen = watched.get(60, TimeUnit.SECONDS);
        assertThat(seen).anyMatch(body -> body.contains("This node is draining"));
        for (RawStream stream : streams) {
            stream.readUntil("\r\n0\r\n\r\n");
            stream.close();
        }
    }
}
