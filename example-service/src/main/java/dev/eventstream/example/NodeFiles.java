package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The files by which nodes and {@code ./run} communicate: each node reports how many streams it has, and asks for what only
 * {@code ./run} can do. Thread-safe, also between processes.
 */
final class NodeFiles {
    /** A node that has not reported for this long is not running. */
    static final Duration SILENCE = Duration.ofSeconds(3);

    private final Supervision supervision;
    private final Path directory;
    private final Clock clock;

    NodeFiles(Supervision supervision, Clock clock) {
        this.supervision = supervision;
        this.directory = Path.of(supervision.directory());
        this.clock = clock;
    }

    /**
     * A node as the others see it.
     *
     * @param streams how many it serves; 0 if it is not running
     */
    public record Node(int number, boolean up, int streams) {}

    /** Reports the streams of this node. */
    void report(int streams) {
        Path file = directory.resolve(name(supervision.node()));
        Path draft = directory.resolve("." + name(supervision.node()));
        try {
            Files.writeString(draft, Integer.toString(streams), UTF_8);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + "; ./run has set dw.supervision.directory", e);
        }
    }

    /** All nodes, in the order of their numbers. */
    List<Node> nodes() {
        return IntStream.rangeClosed(1, supervision.nodes())
                .mapToObj(this::node)
                .toList();
    }

    private Node node(int number) {
        Path file = directory.resolve(name(number));
        try {
            Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
            return age.compareTo(SILENCE) < 0
                    ? new Node(number, true, Integer.parseInt(Files.readString(file, UTF_8)))
                    : new Node(number, false, 0);
        } catch (NoSuchFileException e) {
            return new Node(number, false, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String name(int node) {
        return "node-" + node;
    }

    /** Asks {@code ./run} to kill a node. Asking again before that makes no difference. */
    void askToKill(int node) {
        ask("kill-" + node);
    }

    /** Asks {@code ./run} to restart Pushpin. */
    void askToRestartProxy() {
        ask("restart-pushpin");
    }

    private void ask(String request) {
        Path file = directory.resolve(request);
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + "; ./run has set dw.supervision.directory", e);
        }
    }
}
