package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.testing.TestReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * The command that starts several nodes with everything that they need. Its ports are fixed, so a lock on a file makes tests that
 * run at the same time on one machine wait for one another.
 */
class RunNodesIT {
    private static final String DOOR = "http://localhost:7999";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern NODE =
            Pattern.compile("Node (\\d): (http://localhost:\\d+)/ .* (http://localhost:\\d+)/ +process (\\d+)");
    private static final List<Integer> PORTS = List.of(7998, 7999, 5661, 5662, 5633, 6579, 8181, 8182, 8281, 8282);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private FileChannel lockFile;
    private FileLock lock;
    private @Nullable Process command; // once a test has started it

    /** A line of the command's output. */
    private record Node(String address, String admin, long process) {}

    @BeforeEach
    void waitForOtherTests() throws IOException {
        lockFile = FileChannel.open(
                Path.of(System.getProperty("java.io.tmpdir"), "eventstream-run-nodes.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        lock = lockFile.lock();
    }

    private Process command() {
        return requireNonNull(command);
    }

    private void run(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("../run", "--nodes", "2"));
        words.addAll(List.of(options));
        command = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        awaitPrinted("Ctrl-C stops and removes it all.");
    }

    @AfterEach
    void stop() throws Exception {
        if (command != null) {
            command.destroy();
            boolean unused = command.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        lock.release();
        lockFile.close();
    }

    private Path output() {
        return directory.resolve("run.log");
    }

    private String printed() throws IOException {
        return Files.readString(output(), StandardCharsets.UTF_8);
    }

    private void awaitPrinted(String wanted) {
        await().atMost(PATIENCE).until(() -> {
            assertThat(command().isAlive()).as(printed()).isTrue();
            return printed().contains(wanted);
        });
    }

    private Node node(int number) throws IOException {
        return NODE.matcher(printed())
                .results()
                .filter(line -> line.group(1).equals(Integer.toString(number)))
                .map(line -> new Node(line.group(2), line.group(3), Long.parseLong(line.group(4))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nodes_share_streams_survive_one_another_and_leave_nothing_behind() throws Exception {
        run("--bus", "redis", "--pushpin");
        Node first = node(1);
        Node second = node(2);
        List<ProcessHandle> started = new ArrayList<>(command().descendants().toList());
        assertThat(started).extracting(ProcessHandle::pid).contains(first.process(), second.process());
        HttpResponse<String> health = get(first.admin() + "/healthcheck");
        assertThat(health.statusCode()).as(health.body()).isEqualTo(200);

        try (TestReader ofFirst = TestReader.open(URI.create(first.address() + "/rooms/lobby/events"));
                TestReader ofPushpin = TestReader.open(URI.create(DOOR + "/rooms/lobby/events"))) {
            post(second.address(), "from the second node");
            assertThat(ofFirst.next().data()).contains("from the second node");
            assertThat(ofPushpin.next().data()).contains("from the second node");
        }

        assertPermissionsReachReadersOfPushpin(second);

        ProcessHandle.of(first.process()).orElseThrow().destroyForcibly();
        awaitPrinted("./run: node 1 has ended");
        post(DOOR, "through the door, to the node that is left");
        awaitPrinted("./run: node 1 starts again");
        awaitNodes("[{\"number\":1,\"up\":true,\"streams\":0},{\"number\":2,\"up\":true,\"streams\":0}]");

        ask("/nodes/2/kill");
        awaitPrinted("./run: node 2 has ended");
        ask("/nodes/pushpin/restart");
        awaitPrinted("./run: Pushpin was restarted");
        awaitPrinted("./run: node 2 starts again");
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            try (TestReader ofPushpin = TestReader.open(URI.create(DOOR + "/rooms/lobby/events"))) {
                post(first.address(), "to a node and a Pushpin that were started again");
                assertThat(ofPushpin.next().data()).contains("to a node and a Pushpin");
            }
        });

        started.addAll(command().descendants().toList());
        command().destroy();
        assertThat(command().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(started).filteredOn(ProcessHandle::isAlive).isEmpty());
        assertThat(PORTS).noneMatch(RunNodesIT::isTaken);
    }

    @Test
    void a_page_shows_the_nodes_and_kills_the_one_that_serves_it_without_losing_a_number(@TempDir Path profile)
            throws Exception {
        run();
        RemoteWebDriver browser = Browser.CHROMIUM.start(profile);
        try {
            browser.get(DOOR + "/prove");
            By mine = By.cssSelector("#nodes .is-mine button");
            await().atMost(PATIENCE).until(() -> text(browser, "status").equals("live"));
            await().atMost(PATIENCE).until(() -> !browser.findElements(mine).isEmpty());
            await().atMost(PATIENCE).until(() -> text(browser, "nodes").contains("1 stream\n"));
            Files.write(Path.of("target", "nodes.png"), browser.getScreenshotAs(OutputType.BYTES));

            WebElement kill = browser.findElement(mine);
            String number = kill.getDomAttribute("data-kill");
            kill.click();
            awaitPrinted("./run: node " + number + " has ended");
            await().atMost(PATIENCE)
                    .until(() -> text(browser, "report")
                            .contains("Your stream has moved from node " + number + " to node "));
            assertThat(text(browser, "report")).startsWith("You are back after").endsWith("None is lost.");
            Files.write(Path.of("target", "nodes-killed.png"), browser.getScreenshotAs(OutputType.BYTES));
            awaitPrinted("./run: node " + number + " starts again");
            await().atMost(PATIENCE)
                    .until(() -> browser.findElements(By.cssSelector("#nodes .is-down"))
                            .isEmpty());
            assertThat(List.of(text(browser, "lost"), text(browser, "repeated"), text(browser, "disordered")))
                    .containsOnly("0");
        } finally {
            browser.quit();
        }
    }

    private static String text(RemoteWebDriver browser, String id) {
        return browser.findElement(By.id(id)).getText();
    }

    private static void awaitNodes(String nodes) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(DOOR + "/nodes").body()).isEqualTo(nodes));
    }

    /** What a button of a page does. */
    private static void ask(String path) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(DOOR + path))
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    /** A user signs in through one node, reads behind Pushpin, and is disconnected by way of another node. */
    private static void assertPermissionsReachReadersOfPushpin(Node node) throws Exception {
        String bob = signIn(DOOR, "name=bob&password=builder");
        String alice = signIn(node.address(), "name=alice&password=wonderland");
        URI stream = URI.create(DOOR + "/private/rooms/staff/events");
        try (TestReader reader = TestReader.open(stream, "Cookie", bob)) {
            assertThat(send(node.address() + "/private/rooms/staff/members/bob", "DELETE", "", alice)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(reader.await("stream-error").data()).contains("\"condition\":\"forbidden\"");
        }
        assertThat(send(DOOR + "/private/rooms/staff/members/bob", "PUT", "", alice)
                        .statusCode())
                .isEqualTo(204);
        TestReader.open(stream, "Cookie", bob).close();
    }

    private static String signIn(String address, String form) throws Exception {
        HttpResponse<String> answer = send(address + "/private/session", "POST", form, "session=");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static HttpResponse<String> send(String uri, String method, String form, String cookie) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .method(method, HttpRequest.BodyPublishers.ofString(form))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void post(String address, String text) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(address + "/rooms/lobby/messages/"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("from=ann&text=" + text.replace(" ", "+")))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isTaken(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError("port " + port, e);
        }
    }
}
