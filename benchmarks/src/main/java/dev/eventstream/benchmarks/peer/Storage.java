package dev.eventstream.benchmarks.peer;

import java.nio.file.Path;

/** Where the product stores events. Immutable. */
@FunctionalInterface
public interface Storage {
    /**
     * Makes an empty log, with the tables that {@code db migrate} creates.
     *
     * @param directory for its files
     */
    Database open(Path directory) throws Exception;

    /** The database and its version; may be empty. */
    default String version() {
        return "";
    }
}
