package dev.eventstream.example;

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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command that starts several nodes with everything that they need. Its ports are fixed, so a lock on a file makes tests that
 * run at the same time on one machine wait for one another.
 */
class RunNodesIT {
    private static final String DOOR = "http://localhost:7999";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern NODE =
            Pattern.compile("Node (\\d): (http://localhost:\\d+)/ .* (http://localhost:\\d+)/ +process (\\d+)");
    private static final List<Integer> PORTS = List.of(7998, 7999, 5661, 5633, 6579, 8181, 8182, 8281, 8282);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private FileChannel lockFile;
    private FileLock lock;
    private Process run;

    /** A line of the command's output. */
    private record Node(String address, String admin, long process) {}

    @BeforeEach
    void start() throws IOException {
        lockFile = FileChannel.open(
                Path.of(System.getProperty("java.io.tmpdir"), "eventstream-run-nodes.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        lock = lockFile.lock();
        run = new ProcessBuilder("../run", "--nodes", "2", "--bus", "redis", "--pushpin")
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        run.destroy();
        boolean unused = run.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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
            assertThat(run.isAlive()).as(printed()).isTrue();
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
        awaitPrinted("Ctrl-C stops and removes it all.");
        Node first = node(1);
        Node second = node(2);
        List<ProcessHandle> started = run.descendants().toList();
        assertThat(started).extracting(ProcessHandle::pid).contains(first.process(), second.process());
        HttpResponse<String> health = get(first.admin() + "/healthcheck");
        assertThat(health.statusCode()).as(health.body()).isEqualTo(200);

        try (TestReader ofFirst = TestReader.open(URI.create(first.address() + "/rooms/lobby/events"));
                TestReader ofPushpin = TestReader.open(URI.create(DOOR + "/rooms/lobby/events"))) {
            post(second.address(), "from the second node");
            assertThat(ofFirst.next().data()).contains("from the second node");
            assertThat(ofPushpin.next().data()).contains("from the second node");
        }

        ProcessHandle.of(first.process()).orElseThrow().destroyForcibly();
        awaitPrinted("./run: node 1 has ended");
        post(DOOR, "through the door, to the node that is left");

        run.destroy();
        assertThat(run.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(started).filteredOn(ProcessHandle::isAlive).isEmpty());
        assertThat(PORTS).noneMatch(RunNodesIT::isTaken);
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
