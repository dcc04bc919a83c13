package dev.eventstream.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.network.FreePorts;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One node: the service in a separate JVM, on ports that stay the same. Thread-safe. */
final class Node implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The status of a process that SIGKILL has ended. */
    static final int KILLED = 128 + 9;

    /** The status of a Dropwizard application that could not start. */
    static final int NOT_STARTED = 1;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final String name;
    private final Path directory;
    private final Bug bug;
    private final Duration clockOffset;
    private final int port;
    private final int adminPort;
    private final Path configuration;

    // guarded by this
    private Process process;
    private boolean closed;
    private boolean wasDead;
    /** When it was started again after it had ended, in milliseconds of the coordinator's clock. */
    private final List<Long> restarts = new ArrayList<>();

    /**
     * Starts it.
     *
     * @param clockOffset how far its clock is ahead
     * @param yaml its configuration, with the placeholders {@code ${port}} and {@code ${adminPort}}
     */
    Node(String name, Path directory, int port, Duration clockOffset, String yaml, Bug bug) throws IOException {
        this.name = name;
        this.directory = directory;
        this.bug = bug;
        this.clockOffset = clockOffset;
        this.port = port;
        this.adminPort = FreePorts.next();
        this.configuration = Files.writeString(
                directory.resolve(name + ".yml"),
                yaml.replace("${port}", Integer.toString(port)).replace("${adminPort}", Integer.toString(adminPort)),
                StandardCharsets.UTF_8);
        this.process = launch();
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    Path configuration() {
        return configuration;
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Processes.java(), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.add("-D" + Bug.PROPERTY + '=' + bug.label());
        command.add("-D" + PlantedCode.CLOCK_PROPERTY + '=' + clockOffset.toMillis());
        command.addAll(List.of(
                "-cp",
                directory.resolve("patched") + File.pathSeparator + System.getProperty("java.class.path"),
                TortureService.class.getName(),
                "server",
                configuration.toString()));
        return Processes.start(command, log());
    }

    /** Waits until it answers. */
    void awaitAnswer() {
        Awaitility.await("answer of " + name + "; see " + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!isAlive()) {
                        throw new IllegalStateException(name + " has ended; " + Processes.end(log()));
                    }
                    return answers();
                });
    }

    /** Waits until it answers, and starts it if it has ended: it may have been starting while the database was away. */
    void awaitAnswerOfSupervised() {
        Awaitility.await("answer of " + name + "; see " + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    start();
                    return answers();
                });
    }

    private Path log() {
        return directory.resolve(name + ".log");
    }

    /** Whether it answers a ping within five seconds. */
    boolean answers() throws InterruptedException {
        try {
            HttpRequest ping = HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + "/ping"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(ping, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The health check's report about its loops; empty if all work. */
    String loopTrouble() throws InterruptedException {
        return trouble("eventstream-loops");
    }

    /** The health check's report about its connection to the bus; empty if it works. */
    String busTrouble() throws InterruptedException {
        return trouble("eventstream-bus");
    }

    private String trouble(String check) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + "/healthcheck"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            JsonNode report = JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path(check);
            return report.path("healthy").asBoolean() ? "" : report.toString();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    /** Makes it do something; false if it did not confirm. */
    boolean tell(String pathAndQuery, Duration patience) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + pathAndQuery))
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills it, as a power cut would (SIGKILL), and waits until it is gone. */
    synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " survived SIGKILL");
        }
    }

    /** Starts it, if it is not running and not closed; does not wait until it answers. */
    synchronized void start() throws IOException {
        if (!closed && !process.isAlive()) {
            process = launch();
            restarts.add(System.currentTimeMillis());
        }
    }

    /** How often it was started again. */
    synchronized int restarts() {
        return restarts.size();
    }

    /** Whether it ended and was started again in that time. */
    synchronized boolean diedWithin(long fromMillis, long throughMillis) {
        return restarts.stream().anyMatch(at -> at >= fromMillis && at <= throughMillis);
    }

    /**
     * Starts it, if it was dead at the last call, too: as a supervisor does, some seconds after a process has ended.
     *
     * @return the status with which it ended; empty if it was not dead for so long
     */
    synchronized OptionalInt startIfStillDead() throws IOException {
        boolean isDead = !process.isAlive();
        boolean isStillDead = isDead && wasDead;
        wasDead = isDead;
        if (!isStillDead) {
            return OptionalInt.empty();
        }
        OptionalInt status = OptionalInt.of(process.exitValue());
        start();
        return status;
    }

    synchronized boolean isAlive() {
        return process.isAlive();
    }

    synchronized void stop() throws IOException, InterruptedException {
        Processes.signal("STOP", process.pid());
    }

    synchronized void resume() throws IOException, InterruptedException {
        Processes.signal("CONT", process.pid());
    }

    @Override
    public synchronized void close() {
        closed = true;
        process.destroyForcibly();
    }
}
