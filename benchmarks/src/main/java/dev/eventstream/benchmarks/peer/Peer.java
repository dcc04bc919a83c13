package dev.eventstream.benchmarks.peer;

import java.nio.file.Path;
import java.time.Duration;

/** A kind of server that can be started any number of times. Immutable. */
public interface Peer {
    /** The name in the results. */
    String name();

    /** The versions of its programs; empty for those of this checkout. */
    String version();

    /** Whether it becomes faster within its first seconds, so that those are measured separately. */
    default boolean isJvm() {
        return false;
    }

    /** For how long a new stream may miss events, because the server answers before it follows the channel. */
    default Duration settling() {
        return Duration.ZERO;
    }

    /**
     * Starts a fresh one, and waits until it answers.
     *
     * @param directory empty, for its files
     */
    Server start(Path directory) throws Exception;
}
