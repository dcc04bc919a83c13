package dev.eventstream.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs until it is closed, with its output in {@code server.log}. It also ends with this JVM. Thread-safe. */
public final class ServerProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path log;
    private final Thread atExit = new Thread(this::kill, "end a server");

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a program whose working directory is that directory. */
    public static ServerProcess start(Path directory, List<String> command) throws IOException {
        Path log = directory.resolve("server.log");
        return new ServerProcess(
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    /** Starts a class with {@code main} of this class path in another JVM. */
    public static ServerProcess startJava(Path directory, List<String> jvmOptions, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return start(directory, command);
    }

    /** A port that is free now; the kernel chooses it. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    /** Waits until it accepts connections on that port of this machine. */
    public ServerProcess awaitPort(int port) throws InterruptedException {
        await("port " + port, () -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return this;
    }

    /** Waits until a condition is true; an exception of I/O means that it is not. */
    void await(String what, Condition condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!isTrue(condition)) {
            if (!process.isAlive() || System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                String state = process.isAlive() ? "it is running" : "it ended with status " + process.exitValue();
                close();
                throw new IllegalStateException("no " + what + "; " + state + "; " + tail());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Something to wait for. */
    @FunctionalInterface
    interface Condition {
        boolean isTrue() throws IOException;
    }

    private static boolean isTrue(Condition condition) {
        try {
            return condition.isTrue();
        } catch (IOException e) {
            return false;
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return log.toString();
        }
    }

    /** What it and the processes below it have used. */
    public Usage usage() {
        return Usage.of(process.toHandle());
    }

    public long pid() {
        return process.pid();
    }

    /** Ends it and the processes below it (SIGTERM, and SIGKILL after ten seconds). */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** The last line that a program prints for an option such as {@code --version}; empty if it cannot be started. */
    static String printedBy(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text.strip();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** The version of a Debian package, without Debian's own part. */
    static String debianVersion(String debianPackage) {
        return printedBy("dpkg-query", "--show", "--showformat=${Version}", debianPackage)
                .replaceAll("^[0-9]+:|[-+].*$", "");
    }
}
