package dev.eventstream.pushpin;

import dev.eventstream.logs.ServerLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A private Pushpin on private loopback ports. It writes to a directory that is removed with it; a failed test keeps its log.
 *
 * <p>It is ready for publishers when {@link Setup#start} returns. Clients may still get 5xx for a moment, so call
 * {@link #awaitReady} first. Runs as root or as any other user. Not thread-safe.
 */
public final class PushpinProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LONGEST_SOCKET_PATH = 107;
    private static final String LONGEST_SOCKET_NAME = "/ipc/pp-condure-out-stream";

    private final Path directory;
    private final PushpinPorts ports;
    private final Path log;
    private final Thread atExit = new Thread(this::killAll, "pushpin-at-exit");
    private @Nullable Process runner;
    private boolean suspended;

    private PushpinProcess(Path directory, PushpinPorts ports) {
        this.directory = directory;
        this.ports = ports;
        this.log = directory.resolve("pushpin.log");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A Pushpin that routes everything to an origin, such as {@code 127.0.0.1:8080}. */
    public static Setup before(String origin) {
        return new Setup(origin);
    }

    /** The address for clients. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + ports.http());
    }

    /** HTTP control. */
    public URI controlUri() {
        return URI.create("http://127.0.0.1:" + ports.control());
    }

    /** ZeroMQ control for a PUSH socket. */
    public URI pullUri() {
        return tcp(ports.pull());
    }

    /** ZeroMQ control for a PUB or XPUB socket. */
    public URI subUri() {
        return tcp(ports.sub());
    }

    /** ZeroMQ commands, for a REQ socket. */
    public URI commandUri() {
        return tcp(ports.command());
    }

    /** Its statistics, for a SUB socket. */
    public URI statsUri() {
        return tcp(ports.stats());
    }

    public URI prometheusUri() {
        return URI.create("http://127.0.0.1:" + ports.prometheus());
    }

    /** Waits until a request for the path gets 200 through the clients' port; the answer may be held. */
    public PushpinProcess awaitReady(String path) {
        Awaitility.await("a request through Pushpin; its log:\n" + log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status(ports.http(), path).filter(" 200 "::equals).isPresent());
        return this;
    }

    /** Stops it (SIGTERM) and waits until it is gone. */
    public void stop() {
        Process process = runner;
        if (process == null) {
            return;
        }
        resumeHandler();
        process.destroy();
        if (!isGoneSoon(process)) {
            killAll();
        }
        runner = null;
    }

    /** Kills it, as a power cut would (SIGKILL for all its processes). */
    public void kill() {
        killAll();
        suspended = false;
        runner = null;
    }

    /** Starts it again after {@link #stop} or {@link #kill}, on the same ports and without its earlier state. */
    public void start() {
        try {
            Process process = new ProcessBuilder(
                            "/usr/bin/pushpin",
                            "--config",
                            directory.resolve("pushpin.conf").toString(),
                            "--merge-output")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ServerLogs.add("pushpin", log);
            runner = process;
            Awaitility.await("Pushpin's control port")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isReadyForPublishers(process));
        } catch (IOException e) {
            throw new UncheckedIOException("Pushpin cannot be started; is the Debian package pushpin installed?", e);
        }
    }

    /** {@link #stop} and {@link #start}. */
    public void restart() {
        stop();
        start();
    }

    /** Stops the process that accepts publishes (SIGSTOP): its ports accept connections but never answer. */
    public void suspendHandler() {
        signal("STOP", handlerPid());
        suspended = true;
    }

    /** Continues the handler (SIGCONT). */
    public void resumeHandler() {
        if (suspended) {
            signal("CONT", handlerPid());
            suspended = false;
        }
    }

    /** Its log, over all its starts. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and removes its directory. */
    @Override
    public void close() {
        stop();
        ServerLogs.end(log);
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startOrClose() {
        try {
            if ((directory + LONGEST_SOCKET_NAME).length() > LONGEST_SOCKET_PATH) {
                throw new IllegalStateException(directory + " is too long a path for Pushpin's sockets");
            }
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean isReadyForPublishers(Process process) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Pushpin ended with status " + process.exitValue() + ": " + log());
        }
        return status(ports.control(), "/").filter(" 200 "::equals).isPresent();
    }

    // if the runner is killed, its children survive and keep the ports
    private void killAll() {
        childPids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Process process = runner;
        if (process != null) {
            process.destroyForcibly();
            isGoneSoon(process);
        }
    }

    private static boolean isGoneSoon(Process process) {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Long> childPids() {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve("ipc"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pid")).toList()) {
                pids.add(pid(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    private long handlerPid() {
        return pid(directory.resolve("ipc/pushpin-handler.pid"));
    }

    private static long pid(Path file) {
        try {
            return Long.parseLong(Files.readString(file, StandardCharsets.UTF_8).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status of the answer, with the spaces around it; empty if no answer arrives within two seconds. */
    private static Optional<String> status(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = firstLine(socket.getInputStream());
            return line.length() < 13 ? Optional.empty() : Optional.of(line.substring(8, 13));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static URI tcp(int port) {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    /** The configuration of a Pushpin. Not thread-safe. */
    public static final class Setup {
        private final String origin;
        private final List<String> settings = new ArrayList<>();
        private String routeParameters = "";

        private Setup(String origin) {
            this.origin = origin;
        }

        /** Changes a setting of {@code pushpin.conf} beside this class, such as {@code message_rate}. */
        public Setup with(String key, String value) {
            settings.add(key + '=' + value);
            return this;
        }

        /** Lifts Pushpin's limits on messages, as docs/PROXIES.md recommends. */
        public Setup withoutMessageLimits() {
            return with("message_rate", "0").with("message_hwm", "0");
        }

        /** Adds a parameter to the route, such as {@code sig_key=secret}. */
        public Setup withRouteParameter(String parameter) {
            routeParameters += ',' + parameter;
            return this;
        }

        /** Starts it, and waits until its control port answers. */
        public PushpinProcess start() {
            PushpinPorts ports = PushpinPorts.free();
            String configuration = configuration(ports);
            try {
                Path directory = Files.createTempDirectory("pp");
                PushpinProcess pushpin = new PushpinProcess(directory, ports);
                Files.createDirectories(directory.resolve("ipc"));
                Files.createDirectories(directory.resolve("log"));
                write(directory.resolve("pushpin.conf"), configuration.replace("@directory@", directory.toString()));
                write(directory.resolve("routes"), "*" + routeParameters + ' ' + origin + '\n');
                pushpin.startOrClose();
                return pushpin;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String configuration(PushpinPorts ports) {
            String text = template()
                    .replace("@http@", Integer.toString(ports.http()))
                    .replace("@control@", Integer.toString(ports.control()))
                    .replace("@pull@", Integer.toString(ports.pull()))
                    .replace("@sub@", Integer.toString(ports.sub()))
                    .replace("@command@", Integer.toString(ports.command()))
                    .replace("@stats@", Integer.toString(ports.stats()))
                    .replace("@prometheus@", Integer.toString(ports.prometheus()));
            for (String setting : settings) {
                String key = setting.substring(0, setting.indexOf('=') + 1);
                int start = text.indexOf('\n' + key) + 1;
                if (start == 0) {
                    throw new IllegalArgumentException("pushpin.conf has no " + key);
                }
                text = text.substring(0, start) + setting + text.substring(text.indexOf('\n', start));
            }
            return text;
        }

        private static String template() {
            try (InputStream in = PushpinProcess.class.getResourceAsStream("pushpin.conf")) {
                if (in == null) {
                    throw new IllegalStateException(
                            "pushpin.conf is missing from the package of " + PushpinProcess.class);
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(Path file, String text) throws IOException {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        }
    }
}
