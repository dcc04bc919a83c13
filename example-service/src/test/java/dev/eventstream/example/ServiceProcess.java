package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The example service as users run it: the jar, in a separate process, with the reference configuration. */
final class ServiceProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/example-service.jar").toAbsolutePath();
    private static final Path CONFIG = Path.of("../config.yml").toAbsolutePath().normalize();
    /** Replaces the token of the reference configuration, which is refused. */
    static final String TOKEN = "a-token-of-the-tests-of-the-example-service";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Runs {@code db migrate} to its end. The database is in the directory. */
    static void migrate(Path directory) {
        Process migration = java(directory, "migrate.log", List.of(), "db", "migrate", CONFIG.toString());
        await().atMost(Duration.ofMinutes(1)).until(() -> !migration.isAlive());
        assertThat(migration.exitValue()).isZero();
    }

    /** Starts the service and waits until it answers. */
    static ServiceProcess start(Path directory, int port) {
        int adminPort = freePort();
        Process process = java(
                directory,
                "service-" + port + ".log",
                List.of(
                        "-Ddw.server.applicationConnectors[0].port=" + port,
                        "-Ddw.server.adminConnectors[0].port=" + adminPort,
                        "-Ddw.eventStream.publish.tokens[0]=" + TOKEN),
                "server",
                CONFIG.toString());
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            assertThat(process.isAlive()).isTrue();
            return get("http://localhost:" + adminPort + "/healthcheck") == 200;
        });
        return new ServiceProcess(process, port);
    }

    /**
     * A random free port below those that Linux assigns to clients (from 32768), so that no connection takes it while its service
     * restarts. Another JVM that runs tests hardly ever picks the same one.
     */
    static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("found no free port from 12000 to 31999");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process java(Path directory, String log, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(options);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        File output = directory.resolve(log).toFile();
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int get(String uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    String address(String path) {
        return "http://localhost:" + port + path;
    }

    /** Posts a message, and expects the answer 200. */
    void post(String room, String from, String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address("/rooms/" + room + "/messages/")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("from=" + from + "&text=" + text))
                .build();
        assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    /** Kills the service (SIGKILL): no hook runs, and no connection is closed properly. */
    void kill() throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
