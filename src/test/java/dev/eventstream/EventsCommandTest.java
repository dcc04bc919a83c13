package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.network.FreePorts;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.WireReader.WireEvent;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code events} of an application, beside a node that runs. */
class EventsCommandTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @TempDir
    Path directory;

    private final String channel = "commanded-" + UUID.randomUUID();

    private static CommandRun events(String subcommand, String... arguments) {
        return withInput("", subcommand, arguments);
    }

    private static CommandRun withInput(String input, String subcommand, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("events", subcommand, SERVER.configuration().toString()));
        all.addAll(List.of(arguments));
        return CommandRun.withInput(input, all.toArray(String[]::new));
    }

    /** Sends an event and returns its id. */
    private static String sent(String... arguments) {
        CommandRun run = events("send", arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out().strip();
    }

    private List<String> stored() {
        return stored(channel);
    }

    private static List<String> stored(String channel) {
        EventPage page = store().readAfter(new ChannelName(channel), EventId.NONE, new PageLimit(100, 1 << 20));
        return ((EventPage.Range) page)
                .events().stream()
                        .map(event -> event.type() + " " + event.data()
                                + (event.skipUsers().isEmpty() ? "" : " " + event.skipUsers()))
                        .toList();
    }

    private static JdbiEventStore store() {
        return new JdbiEventStore(SERVER.jdbi(), Clock.systemUTC(), false);
    }

    @Test
    void a_sent_event_reaches_the_readers_of_a_running_node() {
        try (TestStream stream = SERVER.stream("/events?channel=" + channel).awaitOpen()) {
            String id = sent(channel, "created", "{\"id\": 7}");

            WireEvent event = stream.awaitMessages(1).messages().get(0);
            assertThat(event.type()).isEqualTo("created");
            assertThat(event.data()).isEqualTo("{\"id\": 7}");
            assertThat(event.id()).isEqualTo(channel + "=" + id);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "-5", "\"text\"", "[1,\n2]", "{\"ü\":\"€ 😀\"}", "0.10"})
    void json_is_stored_as_it_was_given(String json) {
        sent(channel, "message", "--", json);
        withInput(json + "\n", "send", channel, "message", "-");
        withInput(json + "\n", "send", channel, "message");

        assertThat(stored()).containsOnly("message " + json).hasSize(3);
    }

    @Test
    void text_is_stored_unchanged() {
        sent(channel, "note", "{not json", "--text");
        sent("--text", channel, "note", "");
        withInput("two\nlines\n", "send", "--text", channel, "note");

        assertThat(stored()).containsExactly("note {not json", "note ", "note two\nlines");
    }

    @Test
    void an_event_can_have_a_key_and_skip_users() {
        String first = sent(channel, "paid", "1", "--key", "order-7", "--skip-user", "ann", "--skip-user", "bob");

        assertThat(sent(channel, "paid", "2", "--key", "order-7")).isEqualTo(first);
        assertThat(stored())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("paid 1 [")
                .contains("ann", "bob");
    }

    @Test
    void an_event_that_is_not_allowed_is_refused_in_one_line() {
        String json =
                "the data is not JSON at line 1, column %d; put it in single quotes, such as '{\"id\":7}', or add --text to"
                        + " send it as it is";

        assertRefused("send", json.formatted(2), channel, "a", "{");
        assertRefused("send", json.formatted(3), channel, "a", "1 2");
        assertRefused("send", "there is no data; give some JSON, such as null, or add --text", channel, "a", "");
        assertRefused("send", "there is no data; give some JSON, such as null, or add --text", channel, "a", "-");
        assertRefused("send", "channel name \"\" has 0 characters; allowed are 1 to 255", "", "a", "1");
        assertRefused(
                "send",
                "channel \"unstored-x\" is not stored (eventStream.unstored, or eventStream.presence.events), so only a node can"
                        + " send to it: POST the event to the service instead",
                "unstored-x",
                "a",
                "1");
        CommandRun type = events("send", channel, "a\u001b[31m\nb", "1");
        assertThat(type.status()).isEqualTo(1);
        assertThat(type.err().lines())
                .singleElement()
                .asString()
                .startsWith("events send: event type \"a\uFFFD[31m\uFFFDb\"");
        assertThat(stored()).isEmpty();
    }

    @Test
    void data_that_is_too_long_is_refused_without_reading_all_of_it() {
        CommandRun long1 = withInput("1".repeat(2 << 20), "send", channel, "a");

        assertThat(long1.status()).isEqualTo(1);
        assertThat(long1.err())
                .isEqualTo("events send: the data is too long; eventStream.limits.dataCharacters allows 1048576\n");
    }

    private static void assertRefused(String subcommand, String message, String... arguments) {
        CommandRun run = events(subcommand, arguments);

        assertThat(run.err()).isEqualTo("events " + subcommand + ": " + message + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void a_tail_prints_the_log_from_any_position_on() {
        String first = sent(channel, "created", "1");
        String epoch = first.replaceAll("-1$", "");
        sent(channel, "updated", "2");
        sent(channel, "a-longer-type", "[3]");
        String all =
                "ID-1     CHANNEL  created       1\nID-2     CHANNEL  updated       2\nID-3     CHANNEL  a-longer-type  [3]\n"
                        .replaceAll("ID-(\\d)     ", String.format("%-15s", epoch + "-$1"))
                        .replace("CHANNEL", String.format("%-40s", channel));

        assertThat(events("tail", channel, "--from", "all", "--count", "3").out())
                .isEqualTo(all);
        assertThat(events("tail", channel, "--from", "last:1", "--count", "1").out())
                .isEqualTo(all.lines().toList().get(2) + "\n");
        assertThat(events("tail", channel, "--from", first, "--count", "2").out())
                .isEqualTo(all.substring(all.indexOf('\n') + 1));
        assertThat(events("tail", channel, "--from", channel + "=" + epoch + "-2", "--count", "1")
                        .out())
                .isEqualTo(all.lines().toList().get(2) + "\n");
    }

    @Test
    void a_tail_prints_json() {
        String id = sent(channel, "note", "a\nb", "--text", "--skip-user", "ann");

        assertThat(events("tail", channel, "--from", "all", "--count", "1", "--json")
                        .out())
                .isEqualTo("{\"channel\":\"" + channel + "\",\"id\":\"" + id
                        + "\",\"type\":\"note\",\"text\":\"a\\nb\",\"skipUsers\":[\"ann\"]}\n");
    }

    @Test
    void data_cannot_control_the_terminal() {
        sent(channel, "note", "a\u001b]0;title\u0007\r\n\tb\u202e\u2028\u009b1m€ \\n", "--text");

        assertThat(events("tail", channel, "--from", "all", "--count", "1").out())
                .endsWith("note          a\\u001b]0;title\\u0007\\r\\n\\tb\\u202e\\u2028\\u009b1m€ \\n\n");
    }

    @Test
    void a_tail_prints_events_as_they_are_committed_and_ends_with_the_channels() throws Exception {
        String other = channel + "-other";
        ExecutorService thread = Executors.newSingleThreadExecutor();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            Future<Integer> status = thread.submit(() -> CommandRun.run(
                    new TestService(),
                    "",
                    out,
                    err,
                    "events",
                    "tail",
                    SERVER.configuration().toString(),
                    channel,
                    other,
                    "--from",
                    "all"));
            for (int i = 1; i <= 3; i++) {
                SERVER.events().send(i % 2 == 0 ? channel : other, "message", i);
                String end = "message       " + i + "\n";
                Awaitility.await()
                        .until(() -> out.toString(StandardCharsets.UTF_8).endsWith(end));
            }
            SERVER.events().finish(channel);
            SERVER.events().finish(NewEvent.text(other, "message", "last"));

            assertThat(status.get(20, TimeUnit.SECONDS)).isZero();
        } finally {
            thread.shutdownNow();
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(4).endsWith("message       last\n");
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyInAnyOrder(
                        "Channel \"" + channel + "\" is finished.", "Channel \"" + other + "\" is finished.");
    }

    @Test
    void a_tail_reports_events_that_it_cannot_print_any_more() {
        String first = sent(channel, "message", "1");
        sent(channel, "message", "2");
        sent(channel, "message", "3");
        store().trim(new ChannelName(channel), TrimLimit.newest(1), 100);
        SERVER.events().finish(channel);

        CommandRun run = events("tail", channel, "--from", first);

        assertThat(run.err())
                .isEqualTo(
                        "Channel \"CHANNEL\": EPOCH-1 is not in the log any more, so events are missing here; continuing after"
                                        .replace("CHANNEL", channel)
                                        .replace("EPOCH-1", first)
                                + " " + first.replaceAll("-1$", "-4") + ".\nChannel \"" + channel
                                + "\" is finished.\n");
        assertThat(run.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "last:0",
                "last:1e3",
                "k3f9x2-41-2",
                "other=k3f9x2-41",
                "a=b",
                "K3F9-1",
                "0-7",
                "\u001b[31m"
            })
    void a_position_that_is_malformed_is_refused(String from) {
        CommandRun run = events("tail", channel, "--from=" + from);

        assertThat(run.err())
                .isEqualTo("events tail: --from is \"" + from.replace('\u001b', '\uFFFD')
                        + "\"; allowed are now, all, last:NUMBER, an id such"
                        + " as k3f9x2-41 if there is one channel, or orders=k3f9x2-41,alerts=m1n2b3-7 for several\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void one_id_for_several_channels_and_an_unstored_channel_are_refused() {
        assertThat(events("tail", "a", "b", "--from", "k3f9x2-41").err())
                .startsWith("events tail: --from is \"k3f9x2-41\"; allowed are");
        assertRefused(
                "tail",
                "channel \"unstored-x\" is not stored (eventStream.unstored, or eventStream.presence.events), so its events are not"
                        + " in the log; open a stream of the service instead",
                "unstored-x");
    }

    @Test
    void a_trim_applies_the_retention_to_all_channels() throws IOException {
        String few = "few-" + UUID.randomUUID();
        for (int i = 1; i <= 5; i++) {
            sent(few, "message", Integer.toString(i));
            sent(channel, "message", Integer.toString(i));
        }
        SERVER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE eventstream_event SET created_at = created_at - 7200000 WHERE sequence <= 3 AND channel_id ="
                                + " (SELECT id FROM eventstream_channel WHERE name = ?)",
                        channel));

        // a rule that the node does not know, because it would trim by itself
        Path rules = Files.writeString(
                directory.resolve("rules.yml"),
                Files.readString(SERVER.configuration(), StandardCharsets.UTF_8)
                        + "  retention: {age: 1h, rules: [{channels: 'few-*', age: 30m, events: 2}]}\n",
                StandardCharsets.UTF_8);

        CommandRun run = CommandRun.events(rules, "trim");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                events removed  because
                             3  older than 1h (eventStream.retention.age)
                             3  channels "few-*" keep the newest 2 of 30m (eventStream.retention)
                """);
        assertThat(SERVER.events().currentEventId(few)).endsWith("-5");
        assertThat(events("tail", few, "--from", "all", "--count", "2").out())
                .endsWith("message       5\n")
                .hasLineCount(2);
        assertThat(events("tail", channel, "--from", "all", "--count", "2").out())
                .endsWith("message       5\n")
                .hasLineCount(2);
    }

    @Test
    void what_is_wrong_with_the_configuration_is_one_line() throws IOException {
        String yaml = Files.readString(SERVER.configuration(), StandardCharsets.UTF_8);

        assertThat(with(yaml.replace("  auth:", "  keepAlive: 0s\n  auth:")).err())
                .isEqualTo("events send: eventStream.keepAlive is 0 seconds; allowed is 1s to 1h\n");
        assertThat(with(yaml.replace("eventStream:", "eventStreams:")).err())
                .hasLineCount(1)
                .contains("Unrecognized field at: eventStreams");
        assertThat(with("server: [").err()).hasLineCount(1).startsWith("events send: ");
        assertThat(with(yaml.replace("jdbc:h2:mem:", "jdbc:h2:tcp://localhost:" + FreePorts.next() + "/gone-"))
                        .err())
                .hasLineCount(1)
                .contains("the database failed", "Connection is broken");
        assertThat(with(yaml.replaceAll("jdbc:h2:mem:[^;]*", "jdbc:h2:mem:empty"))
                        .err())
                .hasLineCount(1)
                .contains("db migrate");
        CommandRun missing =
                CommandRun.of("events", "send", directory.resolve("no.yml").toString(), "a", "b", "1");
        assertThat(missing.err()).isEqualTo("events send: File " + directory.resolve("no.yml") + " not found\n");
        assertThat(missing.status()).isEqualTo(1);
    }

    private CommandRun with(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("changed.yml"), yaml, StandardCharsets.UTF_8);
        CommandRun run = CommandRun.of("events", "send", file.toString(), channel, "a", "1");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        return run;
    }

    @Test
    void a_store_in_the_memory_of_the_service_cannot_be_reached() throws IOException {
        Path file = Files.writeString(directory.resolve("own.yml"), "logging: {level: INFO}\n", StandardCharsets.UTF_8);
        SmallService service = new SmallService(
                bundle -> bundle.store((settings, environment) -> new MemoryEventStore(Clock.systemUTC()))
                        .authorizer((reader, name) -> true));
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status =
                CommandRun.run(service, "", new ByteArrayOutputStream(), err, "events", "tail", file.toString(), "a");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "events tail: the application keeps its events in the memory of its process (MemoryEventStore), which no"
                                + " other process can reach\n");
        assertThat(status).isEqualTo(1);
    }

    @Test
    void a_process_ends_with_the_status_1_and_one_line_after_a_failure() throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestService.class.getName(),
                        "events",
                        "send",
                        directory.resolve("no.yml").toString(),
                        "a",
                        "b",
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output).hasContent("events send: File " + directory.resolve("no.yml") + " not found");
    }

    @Test
    void an_application_keeps_its_own_command_of_the_same_name() {
        TestService application = new TestService();
        Bootstrap<TestService.Settings> bootstrap = new Bootstrap<>(application);
        Command own = new Command("events", "of the application") {
            @Override
            public void configure(Subparser parser) {}

            @Override
            public void run(Bootstrap<?> started, Namespace arguments) {}
        };
        bootstrap.addCommand(own);
        application.initialize(bootstrap);

        assertThat(bootstrap.getCommands())
                .filteredOn(command -> command.getName().equals("events"))
                .containsExactly(own);
    }

    @ParameterizedTest
    @CsvSource({"''", "send", "tail", "trim", "doctor", "nothing"})
    void wrong_arguments_show_the_usage(String subcommand) {
        CommandRun run = subcommand.isEmpty() ? CommandRun.of("events") : CommandRun.of("events", subcommand);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("usage: java -jar").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "tail", "trim", "doctor", "kick", "top"})
    void each_subcommand_describes_itself(String subcommand) {
        CommandRun run = CommandRun.of("events", subcommand, "--help");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("FILE", "the configuration file, such as config.yml");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line.strip()).doesNotContainPattern("[a-z,.] {2}[a-z]"));
    }
}
