package dev.eventstream.benchmarks.capacity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of this checkout. Tests run in the directory {@code benchmarks}. */
public final class Checkout {
    private Checkout() {}

    /** The parameters as they are in git. */
    public static Parameters parameters() {
        try {
            return Parameters.read(Path.of("capacity.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file, by its path from the top level. */
    public static String text(String path) {
        try {
            return Files.readString(Path.of("..").resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
