package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.bus.BusServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands beside a node that polls the log too seldom to help, and so hears of them only over its bus. */
class FastBusCommandTest {
    @TempDir
    Path directory;

    private @Nullable BusServer bus;
    private @Nullable TestServer server;

    private TestServer start(String type) throws Exception {
        BusServer started = BusServer.of(type);
        bus = started;
        started.start();
        TestServer node = TestServer.onDatabase(
                "jdbc:h2:async:" + directory.resolve("events") + ";WRITE_DELAY=0",
                "pollInterval: 1m\nbus: " + started.yaml(started.port()));
        server = node;
        node.start();
        return node;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
        }
        if (bus != null) {
            bus.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "nats", "postgres"})
    void nodes_are_told_of_events_and_kicks_and_seen_on_the_bus(String type) throws Exception {
        TestServer node = start(type);
        try (TestStream ann = node.stream("/events?channel=a", "Authorization", TestServer.basic("ann"))
                .awaitOpen()) {
            CommandRun sent = CommandRun.events(node, "send", "a", "created", "1");
            assertThat(sent.err()).isEmpty();
            assertThat(ann.awaitMessages(1).messages().get(0).id())
                    .isEqualTo("a=" + sent.out().strip());

            assertThat(CommandRun.events(node, "top", "--once").out()).contains("nodes: 1   direct streams: 1");

            assertThat(CommandRun.events(node, "kick", "ann"))
                    .isEqualTo(new CommandRun(0, "The nodes have been told.\n", ""));
            assertThat(ann.awaitEnd().text()).contains("\"condition\":\"disconnected\"");
        }
        assertThat(CommandRun.events(node, "doctor").out()).containsPattern("passed: .*, bus\\n");
    }
}
