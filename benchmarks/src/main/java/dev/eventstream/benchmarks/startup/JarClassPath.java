package dev.eventstream.benchmarks.startup;

import dev.eventstream.EventStreamBundle;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class path of this JVM, with jar files in place of directories: a CDS archive cannot be made from directories, and applications are
 * deployed as jar files.
 *
 * <p>Immutable.
 *
 * @param added the jars of the bundle and of what it needs besides Dropwizard
 * @param others all others
 */
public record JarClassPath(List<Path> added, List<Path> others) {
    /** Libraries that the bundle needs and Dropwizard does not; see the bundle's pom.xml. */
    private static final List<String> LIBRARIES = List.of("jose4j-");

    public JarClassPath {
        added = List.copyOf(added);
        others = List.copyOf(others);
    }

    /**
     * Packs the directories.
     *
     * @param directory for the jar files; exists
     */
    public static JarClassPath of(Path directory) throws IOException {
        Path bundle = source(EventStreamBundle.class);
        List<Path> added = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath().normalize();
            if (Files.exists(path)) {
                boolean isAdded = path.equals(bundle)
                        || LIBRARIES.stream().anyMatch(path.getFileName().toString()::startsWith);
                (isAdded ? added : others).add(jar(path, directory));
            }
        }
        return new JarClassPath(added, others);
    }

    private static Path source(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path jar(Path path, Path directory) throws IOException {
        if (!Files.isDirectory(path)) {
            return path;
        }
        Path jar = Files.createTempFile(directory, "packed", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(path)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> add(path.relativize(file).toString(), file, out));
        }
        return jar;
    }

    private static void add(String name, Path file, JarOutputStream out) {
        try {
            out.putNextEntry(new JarEntry(name));
            Files.copy(file, out);
            out.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of the jars that the bundle adds. */
    public long addedBytes() throws IOException {
        long bytes = 0;
        for (Path jar : added) {
            bytes += Files.size(jar);
        }
        return bytes;
    }

    /** Without the bundle. */
    public String withoutBundle() {
        return join(others);
    }

    /** All of it. */
    public String withBundle() {
        List<Path> all = new ArrayList<>(others);
        all.addAll(added);
        return join(all);
    }

    private static String join(List<Path> paths) {
        return String.join(
                File.pathSeparator, paths.stream().map(Path::toString).toList());
    }
}
