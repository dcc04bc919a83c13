package dev.eventstream.benchmarks.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An application in a new JVM that has answered a request. Confined to one thread. */
public final class StartedJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final double millis;

    private StartedJvm(Process process, BufferedReader output, double millis) {
        this.process = process;
        this.output = output;
        this.millis = millis;
    }

    /**
     * Starts an application and sends it a request.
     *
     * @param log the file for its output
     * @param arguments of {@code main}
     */
    public static StartedJvm start(
            Path log, String classPath, List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        try {
            request(port(output, log));
            return new StartedJvm(process, output, (System.nanoTime() - start) / 1e6);
        } catch (IOException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(BufferedReader output, Path log) throws IOException {
        try {
            return Integer.parseInt(answer(output, "listening "));
        } catch (IOException e) {
            throw new IOException(
                    "the application does not start: " + Files.readString(log, StandardCharsets.UTF_8), e);
        }
    }

    /** The rest of the next line that begins with this word. */
    private static String answer(BufferedReader output, String word) throws IOException {
        StringBuilder others = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word)) {
                return line.substring(word.length());
            }
            others.append(line).append('\n');
        }
        throw new IOException("the application has ended:\n" + others);
    }

    private static void request(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            if (in.read() < 0) {
                throw new IOException("no answer");
            }
        }
    }

    /** How long it took from the start of the process to the first byte of the answer. */
    public double millis() {
        return millis;
    }

    /** Live bytes of the heap, and the number of loaded classes. */
    public List<Long> liveBytesAndClasses() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
        return Stream.of(answer(output, "heap ").split(" ", -1))
                .map(Long::valueOf)
                .toList();
    }

    /** The memory that it occupies. */
    public double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .sum();
    }

    /** Ends it as its own code does, so that it can write an archive of its classes. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
