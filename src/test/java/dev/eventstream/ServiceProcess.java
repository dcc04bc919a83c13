package dev.eventstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.logs.ServerLogs;
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
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The test service in a separate JVM. Thread-safe. */
public final class ServiceProcess implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final long TICKS_PER_SECOND = 100;

    private final Process process;
    private final int port;
    private final int adminPort;

    private ServiceProcess(Process process, int port, int adminPort) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
    }

    /** The checkout whose service is started, by default this one. Another checkout needs its class path, too. */
    private static final Path SOURCES = Path.of(System.getProperty("service.sources", "."));

    private static final String CLASS_PATH =
            System.getProperty("service.classpath", System.getProperty("java.class.path"));

    /** The database of a service. */
    public record Database(String driver, String url, String user) {
        /** A file in the directory. It keeps the events of an earlier service. */
        public static Database h2(Path directory) {
            return new Database("org.h2.Driver", "jdbc:h2:" + directory.resolve("events") + ";WRITE_DELAY=0", "");
        }
    }

    /**
     * Starts it on the database that an earlier service left in the directory, or on an empty one.
     *
     * @param directory for its database, configuration and log
     */
    public static ServiceProcess start(Path directory, List<String> jvmOptions) throws Exception {
        return start(directory, jvmOptions, Database.h2(directory), "");
    }

    /**
     * Starts it on any database.
     *
     * @param more additional lines for the eventStream block
     */
    public static ServiceProcess start(Path directory, List<String> jvmOptions, Database database, String more)
            throws Exception {
        return start(directory, jvmOptions, FreePorts.next(), database, more.indent(2));
    }

    /**
     * Starts it on the given port and on any database.
     *
     * @param more additional lines for the eventStream block
     */
    public static ServiceProcess start(
            Path directory, int port, List<String> jvmOptions, Database database, String more) throws Exception {
        return start(directory, jvmOptions, port, database, more.indent(2));
    }

    /**
     * Starts it on the given port and on any H2 database.
     *
     * @param more additional lines for the eventStream block
     */
    public static ServiceProcess start(Path directory, int port, String url, String more) throws Exception {
        return start(directory, List.of(), port, new Database("org.h2.Driver", url, ""), more.indent(2));
    }

    private static ServiceProcess start(
            Path directory, List<String> jvmOptions, int port, Database database, String more) throws Exception {
        int adminPort = FreePorts.next();
        String yaml = Files.readString(SOURCES.resolve("src/test/resources/test-service.yml"), StandardCharsets.UTF_8)
                        .replace(
                                "applicationConnectors: [{type: http, port: 0}]",
                                "applicationConnectors: [{type: http, port: " + port + ", acceptQueueSize: 1024}]")
                        .replace(
                                "adminConnectors: [{type: http, port: 0}]",
                                "adminConnectors: [{type: http, port: " + adminPort + "}]")
                        .replace("dev.eventstream: DEBUG", "dev.eventstream: INFO")
                        .replace("org.h2.Driver", database.driver())
                        .replace("user: \"\"", "user: \"" + database.user() + '"')
                        .replace("jdbc:h2:mem:overridden", database.url())
                + more;
        Path configuration = Files.writeString(directory.resolve("service.yml"), yaml, StandardCharsets.UTF_8);
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", CLASS_PATH, TestService.class.getName()));
        Process migration = run(command, directory, "db", "migrate", configuration.toString());
        if (!migration.waitFor(120, TimeUnit.SECONDS) || migration.exitValue() != 0) {
            migration.destroyForcibly();
            throw new IllegalStateException("the database cannot be migrated; see " + log(directory));
        }
        ServiceProcess service =
                new ServiceProcess(run(command, directory, "server", configuration.toString()), port, adminPort);
        service.awaitAnswer(directory);
        return service;
    }

    private static Path log(Path directory) {
        return directory.resolve("service.log");
    }

    private static Process run(List<String> command, Path directory, String... arguments) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(arguments));
        File log = log(directory).toFile();
        ServerLogs.add("service", log.toPath());
        return new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private void awaitAnswer(Path directory) {
        try {
            Awaitility.await("answer of the service; see " + log(directory))
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> get(adminPort, "/ping").equals("pong"));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Empty if all its health checks pass; otherwise their answer, or the reason for the lack of an answer. */
    public String trouble(Duration patience) throws InterruptedException {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + "/healthcheck"))
                            .timeout(patience)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? "" : answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int port() {
        return port;
    }

    /** Sends one event with the text as its data, and returns the answer. */
    public String publish(String channel, String text) throws IOException, InterruptedException {
        String body = new ObjectMapper()
                .createObjectNode()
                .put("channel", channel)
                .put("text", text)
                .toString();
        return publish(body, Duration.ofSeconds(30));
    }

    /** Posts one event or an array of events as JSON, and returns the answer. */
    public String publish(String body, Duration patience) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/events"))
                        .header("Authorization", "Bearer a-token-for-the-tests")
                        .header("Content-Type", "application/json")
                        .timeout(patience)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("the service answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /** A value of Dropwizard's metrics page, such as {@code gauges/jvm.threads.count/value}. */
    public double metric(String kind, String name, String value) throws IOException, InterruptedException {
        JsonNode metrics = new ObjectMapper().readTree(get(adminPort, "/metrics"));
        return metrics.path(kind).path(name).path(value).asDouble();
    }

    /** Runs the garbage collector, so that only live objects remain on the heap. */
    public void collectGarbage() throws IOException, InterruptedException {
        task("gc?runs=3");
    }

    /** Revokes the permission of users, {@code user-0} and so on, to read a channel; returns once all are reported. */
    public void revoke(String channel, int users) throws IOException, InterruptedException {
        task("revoke?channel=" + channel + "&users=" + users);
    }

    private void task(String task) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + "/tasks/" + task))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("task " + task + ": " + answer.statusCode() + ' ' + answer.body());
        }
    }

    /** The CPU time it has used, user and system (proc(5), fields 14 and 15). */
    public Duration cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.UTF_8);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    /** How many descriptors it has open. */
    public int descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) open.count();
        }
    }

    /** A line of proc(5)'s status, such as {@code Threads} or {@code VmRSS}. */
    public String status(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElseThrow();
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body()
                .trim();
    }

    /** Kills it (SIGKILL), and waits until it has exited. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the service outlived SIGKILL");
        }
    }

    /** Ends it (SIGTERM), unless that takes 30 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
