package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the samples of docs/COMMANDS.md in their order, beside a node, and compares what they print. */
class CommandsDocTest {
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAMPLE = Pattern.compile("\\$ java -jar service\\.jar (.*)\n((?:[^$].*\n|\n)*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    Path directory;

    @Test
    void every_sample_prints_what_the_page_shows() throws Exception {
        String url = "jdbc:h2:async:" + directory.resolve("events") + ";WRITE_DELAY=0";
        TestServer server = TestServer.onDatabase(url, "");
        server.start();
        int samples = 0;
        try {
            server.jdbi()
                    .useHandle(
                            handle -> handle.execute("INSERT INTO eventstream_channel (name, epoch, newest, newest_at,"
                                    + " trimmed_through) VALUES ('orders', 'k3f9x2', 40, 0, 40)"));
            Matcher console = CONSOLE.matcher(Files.readString(Path.of("docs/COMMANDS.md"), StandardCharsets.UTF_8));
            while (console.find()) {
                Matcher sample = SAMPLE.matcher(console.group(1));
                while (sample.find()) {
                    assertPrints(server, sample.group(1), sample.group(2));
                    samples++;
                }
            }
        } finally {
            server.stop();
        }
        assertThat(samples).isEqualTo(9);
    }

    private void assertPrints(TestServer server, String command, String output) throws Exception {
        boolean isTop = command.startsWith("events top");
        Path file = command.startsWith("events doctor") ? withLongKeepAlive(server) : server.configuration();
        CommandRun run = isTop ? whileBusy(server, words(command, file)) : CommandRun.of(words(command, file));

        String printed = run.out() + run.err();
        assertThat(isTop ? withoutNumbers(printed) : printed)
                .as(command)
                .isEqualTo(isTop ? withoutNumbers(output + "\n") : output);
    }

    private Path withLongKeepAlive(TestServer server) throws Exception {
        String yaml = Files.readString(server.configuration(), StandardCharsets.UTF_8)
                .replace(
                        "applicationConnectors: [{type: http, port: 0}]",
                        "applicationConnectors: [{type: http, port: 0, idleTimeout: 2m}]")
                .replace("eventStream:", "eventStream:\n  keepAlive: 90s")
                .replaceAll("[a-z]+-token-(of|for)-the-tests", "$0-with-32-characters");
        return Files.writeString(directory.resolve("config.yml"), yaml, StandardCharsets.UTF_8);
    }

    /** Runs a command while two streams are open and events are sent. */
    private static CommandRun whileBusy(TestServer server, String... command) throws Exception {
        ExecutorService sender = Executors.newSingleThreadExecutor();
        CountDownLatch end = new CountDownLatch(1);
        try (TestStream one = server.stream("/events?channel=orders").awaitOpen();
                TestStream other = server.stream("/events?channel=orders").awaitOpen()) {
            Future<?> sending = sender.submit(() -> {
                while (!end.await(50, TimeUnit.MILLISECONDS)) {
                    server.events().send("orders", "created", "an order");
                }
                return end;
            });
            one.awaitMessages(1);
            other.awaitMessages(1);
            CommandRun run = CommandRun.of(command);
            end.countDown();
            sending.get(10, TimeUnit.SECONDS);
            return run;
        } finally {
            sender.shutdownNow();
        }
    }

    /** A page of {@code top} without what is different each time. */
    private static String withoutNumbers(String page) {
        return page.replaceAll("\\S+T\\S+Z", "TIME")
                .replaceAll("\\S+/[0-9]+ +\\S+ ", "NODE VERSION ")
                .replaceAll("[0-9]+[dhms]( [0-9]+[dhms])?(?=\\s)", "TIME")
                .replaceAll("[0-9][0-9,]*(\\.[0-9])?", "0")
                .replaceAll(" +", " ");
    }

    private static String[] words(String line, Path file) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String plain = word.group(1) == null ? word.group(2) : word.group(1);
            words.add(plain.equals("config.yml") ? file.toString() : plain);
        }
        return words.toArray(String[]::new);
    }
}
