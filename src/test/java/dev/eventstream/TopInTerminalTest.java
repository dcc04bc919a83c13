package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code events top} in a terminal, which script(1) provides. */
class TopInTerminalTest {
    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final Pattern BUSY = Pattern.compile("^busy +([0-9.]+)\r?$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    /** The pages that the terminal has shown; each cleared the one before. The last may be incomplete. */
    private List<String> pages() throws IOException {
        return Splitter.on(CLEAR).splitToList(Files.readString(directory.resolve("screen"), UTF_8));
    }

    private Process top(Path configuration) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        String command = "'%s' -Xmx128m -cp '%s' %s events top '%s'"
                .formatted(java, System.getProperty("java.class.path"), TestService.class.getName(), configuration);
        // a build in the background of a shell ignores SIGINT, and so would every process that it starts
        return new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        "script",
                        "--quiet",
                        "--return",
                        "--command",
                        command,
                        "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen").toFile())
                .start();
    }

    /** Waits until a page of at least this number of the terminal's pages is as wanted. Returns how many pages there are then. */
    private int awaitPage(int after, Predicate<String> wanted) {
        return await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> {
                            List<String> pages = pages();
                            return pages.size() > after + 1
                                            && pages.subList(after, pages.size() - 1).stream()
                                                    .anyMatch(wanted)
                                    ? pages.size() - 1
                                    : 0;
                        },
                        count -> count > 0);
    }

    private static double rate(String page) {
        Matcher busy = BUSY.matcher(page);
        return busy.find() ? Double.parseDouble(busy.group(1)) : 0;
    }

    @Test
    void each_page_replaces_the_one_before_and_shows_the_present_rates() throws Exception {
        Server database =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        TestServer server = TestServer.onDatabase(
                "jdbc:h2:tcp://localhost:" + database.getPort() + "/mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                "");
        server.start();
        ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
        Process top = top(server.configuration());
        try (OutputStream keyboard = top.getOutputStream()) {
            int quiet = awaitPage(1, page -> page.contains("nodes: 1 ") && rate(page) == 0);
            Future<?> unused = sender.scheduleWithFixedDelay(
                    () -> server.events().send("busy", "message", 1), 0, 20, TimeUnit.MILLISECONDS);
            int busy = awaitPage(quiet, page -> rate(page) > 1);
            sender.shutdown();
            assertThat(sender.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            awaitPage(busy + 1, page -> rate(page) == 0);

            assertThat(pages().subList(1, pages().size() - 1))
                    .allSatisfy(page -> assertThat(page).containsOnlyOnce("nodes: "));
            keyboard.write(3); // Ctrl-C
            keyboard.flush();
            assertThat(top.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            sender.shutdownNow();
            top.destroyForcibly();
            server.stop();
            database.stop();
        }
    }
}
