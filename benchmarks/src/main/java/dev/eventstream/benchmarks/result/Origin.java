package dev.eventstream.benchmarks.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where results come from. Immutable.
 *
 * @param commit of this checkout, followed by a plus sign if it had changes outside the results
 * @param machine processor, cores, memory, kernel and Java
 * @param command the command line
 */
public record Origin(String commit, String machine, String command) {
    /** That of this JVM. */
    public static Origin ofThisRun(Path directory, String command) throws IOException, InterruptedException {
        return new Origin(commit(directory), thisMachine(), command);
    }

    private static String commit(Path directory) throws IOException, InterruptedException {
        String commit =
                output(directory, "git", "rev-parse", "--short=10", "HEAD").strip();
        String changes = output(
                directory,
                "git",
                "status",
                "--porcelain",
                "--",
                ":/",
                ":!/benchmarks/results",
                ":!/benchmarks/RESULTS.md");
        return (commit.isEmpty() ? "unknown" : commit) + (changes.isBlank() ? "" : "+");
    }

    private static String thisMachine() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %.0f GB, Linux %s, Java %s",
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Double.parseDouble(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1e6,
                System.getProperty("os.version"),
                Runtime.version());
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    private static String output(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
