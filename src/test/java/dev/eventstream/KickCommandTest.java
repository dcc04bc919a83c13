package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.network.FreePorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code events kick} and {@code events top}, beside a node that runs. */
class KickCommandTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @TempDir
    Path directory;

    private static CommandRun events(String subcommand, String... arguments) {
        return CommandRun.events(SERVER, subcommand, arguments);
    }

    private static TestStream stream(String channel, String user) {
        return SERVER.stream("/events?channel=" + channel, "Authorization", TestServer.basic(user))
                .awaitOpen();
    }

    @Test
    void a_kick_ends_all_streams_of_a_user_and_no_others() {
        try (TestStream ann = stream("a", "ann");
                TestStream also = stream("b", "ann");
                TestStream bob = stream("a", "bob")) {
            CommandRun run = events("kick", "ann");

            assertThat(run)
                    .isEqualTo(new CommandRun(0, "The nodes will see it within eventStream.pollInterval.\n", ""));
            assertThat(ann.awaitEnd().text()).contains("\"condition\":\"disconnected\"", "You have been disconnected.");
            assertThat(also.awaitEnd().text()).contains("\"condition\":\"disconnected\"");
            SERVER.events().send("a", "message", 1);
            bob.awaitMessages(1);
        }
    }

    @Test
    void a_kick_from_a_channel_leaves_the_decision_to_the_authorizer_of_the_node() {
        try (TestStream ann = stream("c", "ann");
                TestStream other = stream("d", "ann")) {
            assertThat(events("kick", "ann", "c").status()).isZero();
            SERVER.service().revoked.add("ann d");
            assertThat(events("kick", "ann", "d").status()).isZero();

            assertThat(other.awaitEnd().text()).contains("\"condition\":\"forbidden\"");
            SERVER.events().send("c", "message", 1);
            ann.awaitMessages(1);
        }
    }

    @Test
    void a_user_or_reason_that_is_not_allowed_is_refused() {
        assertThat(events("kick", "").err())
                .isEqualTo(
                        "events kick: user \"\" is not allowed; allowed are 1 to 255 characters without control characters\n");
        assertThat(events("kick", "a\u001b[1m").err()).startsWith("events kick: user \"a\uFFFD[1m\" is not allowed;");
        assertThat(events("kick", "a".repeat(256)).status()).isEqualTo(1);
        assertThat(events("kick", "ann", "").err())
                .isEqualTo("events kick: channel name \"\" has 0 characters; allowed are 1 to 255\n");
        assertThat(events("kick", "ann", "--reason", "a".repeat(256)).err())
                .isEqualTo("events kick: the reason to disconnect a user has 256 characters; allowed are up to 255\n");
    }

    @Test
    void a_bus_that_does_not_answer_is_one_line() throws Exception {
        String yaml = Files.readString(SERVER.configuration(), StandardCharsets.UTF_8)
                + "  bus: {type: redis, uri: 'redis://127.0.0.1:" + FreePorts.next() + "'}\n";
        Path file = Files.writeString(directory.resolve("redis.yml"), yaml, StandardCharsets.UTF_8);

        for (String[] command : List.of(
                new String[] {"events", "kick", file.toString(), "ann"},
                new String[] {"events", "top", file.toString(), "--once"})) {
            CommandRun run = CommandRun.of(command);

            assertThat(run.err())
                    .hasLineCount(1)
                    .startsWith("events " + command[1] + ": the bus (eventStream.bus) cannot be used");
            assertThat(run.out()).isEmpty();
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void an_event_is_stored_although_a_fast_bus_does_not_answer() throws Exception {
        String yaml = Files.readString(SERVER.configuration(), StandardCharsets.UTF_8)
                + "  bus: {type: redis, uri: 'redis://127.0.0.1:" + FreePorts.next() + "'}\n";
        Path file = Files.writeString(directory.resolve("redis.yml"), yaml, StandardCharsets.UTF_8);
        try (TestStream stream = SERVER.stream("/events?channel=unannounced").awaitOpen()) {
            CommandRun run = CommandRun.of("events", "send", file.toString(), "unannounced", "a", "1");

            assertThat(run.status()).isZero();
            assertThat(run.err())
                    .startsWith("The event is stored, but the bus does not accept messages (")
                    .endsWith("), so the nodes find the event with their next poll (eventStream.pollInterval).\n");
            assertThat(stream.awaitMessages(1).messages().get(0).id())
                    .isEqualTo("unannounced=" + run.out().strip());
        }
    }

    @Test
    void top_shows_the_node_its_streams_and_the_busy_channels() {
        try (TestStream ann = stream("busy", "ann");
                TestStream bob = stream("busy", "bob")) {
            for (int i = 0; i < 60; i++) {
                SERVER.events().send("busy", "message", i);
            }
            ann.awaitMessages(60);
            bob.awaitMessages(60);
            CommandRun run = events("top", "--once");

            assertThat(run.status()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .containsPattern(
                            "^\\S+Z   nodes: 1   direct streams: 2   events/s: \\d+\\.\\d   log: about [\\d,]+ events, the oldest \\d+s\n\n"
                                    + "node +version +up +streams +lag\n"
                                    + "\\S+/" + ProcessHandle.current().pid() + " +unknown +\\d+s +2 +[\\d,]+ ms\n\n"
                                    + "channel +events/s\n")
                    .doesNotContain("\u001b");
        }
    }
}
