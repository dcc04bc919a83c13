package dev.eventstream.benchmarks.peer;

import java.nio.file.Path;

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

    /**
     * Starts a fresh one, and waits until it answers.
     *
     * @param directory empty, for its files
     */
    Server start(Path directory) throws Exception;
}
