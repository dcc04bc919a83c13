package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.network.FreePorts;
import dev.eventstream.network.Nginx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code events doctor --through} finds between a client and the service. */
class DoctorOfPathsTest {
    private static final String CHECKS = "path-answer, path-buffering, path-silence\n";

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("keepAlive: 4s");

    @TempDir
    Path directory;

    private static String address(int port, String path) {
        return "http://localhost:" + port + path;
    }

    private CommandRun doctor(String address, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yml"), """
                server: {requestLog: {appenders: []}}
                database: {driverClass: org.h2.Driver, url: 'jdbc:h2:mem:paths', user: '', password: ''}
                eventStream: {keepAlive: 4s}
                """);
        List<String> all = new ArrayList<>(List.of("--through", address));
        all.addAll(List.of(options));
        return CommandRun.events(file, "doctor", all.toArray(String[]::new));
    }

    private void assertFinds(String address, String finding) throws IOException {
        CommandRun run = doctor(address);

        assertThat(run.out()).contains(finding.replace("ADDRESS", address)).endsWith("\n1 error, 1 warning\n");
        assertThat(run.err())
                .isEqualTo("Reads " + address + " until its first keep-alive, for about 4 seconds.\n"
                        + "events doctor: found 1 error, 1 warning\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void a_silent_stream_through_nginx_passes() throws Exception {
        try (Nginx nginx = Nginx.before(List.of(SERVER.port()), Duration.ofSeconds(60))) {
            CommandRun run = doctor(address(nginx.port(), "/events?channel=silent"));

            assertThat(run.out()).contains(CHECKS).endsWith("0 errors, 1 warning\n");
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void a_stream_that_is_too_busy_for_keep_alives_passes() throws Exception {
        ScheduledThreadPoolExecutor sender = new ScheduledThreadPoolExecutor(1);
        try {
            var unused = sender.scheduleAtFixedRate(
                    () -> SERVER.events().send("busy", "message", 1), 0, 500, TimeUnit.MILLISECONDS);

            CommandRun run = doctor(address(SERVER.port(), "/events?channel=busy"));

            assertThat(run.out()).contains(CHECKS).endsWith("0 errors, 1 warning\n");
        } finally {
            sender.shutdownNow();
        }
    }

    @Test
    void a_proxy_that_closes_silent_connections_is_an_error() throws Exception {
        try (Nginx nginx = Nginx.before(List.of(SERVER.port()), Duration.ofSeconds(2))) {
            CommandRun run = doctor(address(nginx.port(), "/events?channel=cut"));

            assertThat(run.out()).containsPattern("""
                            ERROR  path-silence
                              problem  the stream http://localhost:[0-9]+/events\\?channel=cut ended after 2 s, before its first keep-alive; the answer is from "nginx/[^"]+"
                              why      something on the way closes connections that are silent for less than eventStream.keepAlive, 4 s, so clients reconnect all the time
                              change   set a shorter eventStream.keepAlive, or let it wait longer \\(nginx: proxy_read_timeout\\)
                            """);
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void a_proxy_that_holds_events_back_is_an_error() throws Exception {
        try (Nginx nginx = Nginx.holdingBack(SERVER.port())) {
            CommandRun run = doctor(address(nginx.port(), "/events?channel=held"));

            assertThat(run.out()).containsPattern("""
                            ERROR  path-answer
                              problem  http://localhost:[0-9]+/events\\?channel=held has not answered within 10 s
                              why      either the service does not answer, or something on the way holds the answer back until a buffer is full
                            """);
        }
    }

    @Test
    void an_address_where_nothing_listens_is_an_error() throws Exception {
        assertFinds(address(FreePorts.next(), "/events"), """
                ERROR  path-answer
                  problem  ADDRESS cannot be reached: ConnectException
                  why      clients get no stream
                  change   check the address, its name in DNS, and the proxy or load balancer in front of the service
                """);
    }

    @Test
    void an_address_that_is_no_stream_is_an_error() throws Exception {
        assertFinds(address(SERVER.port(), "/nothing"), """
                  problem  ADDRESS answers with status 404
                """);
        assertFinds(address(SERVER.adminPort(), "/ping"), """
                  problem  ADDRESS answers with status 200 and Content-Type "text/plain;charset=iso-8859-1"
                """);
    }

    @Test
    void a_stream_that_needs_credentials_is_read_with_those_of_a_client() throws Exception {
        String mine = address(SERVER.port(), "/mine");
        assertThat(doctor(mine).out())
                .contains("the service refuses the stream " + mine + ": ")
                .contains("add --headers FILE");

        Path headers =
                Files.writeString(directory.resolve("headers"), "\nAuthorization: " + TestServer.basic("ann") + "\n");

        assertThat(doctor(mine, "--headers", headers.toString()).out()).endsWith("0 errors, 1 warning\n");
    }

    @Test
    void hostile_arguments_are_refused_in_one_line() throws Exception {
        Path noHeader = Files.writeString(directory.resolve("no-header"), "Cookie: a=b\nsecret\n");
        Path controls = Files.writeString(directory.resolve("controls"), "X: a\u0001b\n");
        Path large = Files.write(directory.resolve("large"), new byte[70_000]);
        String address = address(SERVER.port(), "/events?channel=a");

        assertRefused(doctor(address, "--headers", noHeader.toString()), noHeader + ", line 2 is not a header");
        assertRefused(doctor(address, "--headers", controls.toString()), "invalid header value");
        assertRefused(doctor(address, "--headers", large.toString()), "is longer than 65536 bytes");
        assertRefused(doctor(address, "--headers", directory.resolve("none").toString()), "none");
        assertRefused(doctor("ftp://localhost/"), "invalid URI scheme ftp");
        assertRefused(doctor("http://local host/"), "Illegal character");
    }

    private static void assertRefused(CommandRun run, String message) {
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.startsWith("events doctor: ")))
                .singleElement()
                .asString()
                .contains(message)
                .doesNotContain("secret");
    }

    @Test
    void a_server_that_holds_back_only_the_events_is_an_error() throws Exception {
        CommandRun run = doctorOf("Content-Type: text/event-stream\r\n\r\n: no event\n\n");

        assertThat(run.out())
                .containsPattern("""
                        ERROR  path-buffering
                          problem  the first event of http://localhost:[0-9]+/ has not arrived within 5 s
                        """)
                .contains("passed: configuration", "path-answer\n", "not checked: ", "path-silence\n");
    }

    @Test
    void what_a_hostile_server_says_is_shortened_and_printable() throws Exception {
        CommandRun run = doctorOf(
                "Content-Type: text/html\u009b\r\nServer: " + "x".repeat(5_000) + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(run.out())
                .contains("status 200 and Content-Type \"text/html?\"; the answer is from \"" + "x".repeat(60) + "…\"");
    }

    /** The report about a server that answers with the status 200, and then sends nothing more. */
    private CommandRun doctorOf(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> answered = CompletableFuture.supplyAsync(() -> answer(server, answer));
            CommandRun run = doctor(address(server.getLocalPort(), "/"));
            answered.get(10, TimeUnit.SECONDS).close();
            return run;
        }
    }

    private static Socket answer(ServerSocket server, String answer) {
        try {
            Socket socket = server.accept();
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            while (!request.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                request.write(socket.getInputStream().read());
            }
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + answer).getBytes(StandardCharsets.ISO_8859_1));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
