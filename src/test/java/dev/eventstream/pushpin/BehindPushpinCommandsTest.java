package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.CommandRun;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code events} beside a node and a real Pushpin. */
class BehindPushpinCommandsTest {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended();

    private static CommandRun events(String subcommand, String... arguments) {
        return CommandRun.events(SERVER.server(), subcommand, arguments);
    }

    private static TestStream stream(String channel, String user) {
        return SERVER.stream("/events?channel=" + channel, "Authorization", TestServer.basic(user))
                .awaitOpen();
    }

    @Test
    void a_sent_event_reaches_readers_behind_the_proxy() {
        try (TestStream ann = stream("commanded", "ann")) {
            CommandRun run = events("send", "commanded", "created", "7");

            assertThat(run.status()).isZero();
            assertThat(ann.awaitMessages(1).messages()).singleElement().satisfies(event -> {
                assertThat(event.data()).isEqualTo("7");
                assertThat(event.id()).isEqualTo("commanded=" + run.out().strip());
            });
        }
    }

    @Test
    void a_kick_ends_the_streams_of_a_user_and_no_others() {
        try (TestStream ann = stream("kicked", "ann");
                TestStream bob = stream("kicked", "bob")) {
            CommandRun run = events("kick", "ann", "--reason", "Maintenance");

            assertThat(run.out().lines().toList())
                    .hasSize(2)
                    .startsWith("The nodes will see it within eventStream.pollInterval.")
                    .last()
                    .asString()
                    .matches("Proxy \"127\\.0\\.0\\.1-\\d+\" has been told\\.");
            assertThat(run.err()).isEmpty();
            assertThat(ann.awaitEnd().text()).contains("\"condition\":\"disconnected\"", "Maintenance");
            SERVER.events().send("kicked", "message", 1);
            bob.awaitMessages(1);
        }
    }

    @Test
    void a_kick_from_a_channel_ends_only_the_streams_of_readers_who_may_not_read_it() {
        try (TestStream ann = stream("left", "ann");
                TestStream bob = stream("left", "bob")) {
            SERVER.server().service().revoked.add("ann left");

            assertThat(events("kick", "ann", "left").status()).isZero();

            assertThat(ann.awaitEnd().text()).contains("\"condition\":\"forbidden\"");
            SERVER.events().send("left", "message", 1);
            bob.awaitMessages(1);
        }
    }

    @Test
    void the_doctor_finds_nothing_wrong_with_the_proxy() {
        CommandRun run = events("doctor");

        assertThat(run.out()).containsPattern("passed: .*proxy-signatures, proxy-limits, .*proxy-control");
    }
}
