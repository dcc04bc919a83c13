package dev.eventstream.benchmarks.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes have used. Immutable.
 *
 * @param cpuSeconds user and system, in steps of 10 ms
 * @param rssBytes resident memory; shared memory counts once for each process
 */
public record Usage(double cpuSeconds, long rssBytes) {
    private static final double TICKS_PER_SECOND = 100;

    /** That of a process and all processes below it (proc(5)). A process that ends in the meantime counts as its parent's child. */
    static Usage of(ProcessHandle process) {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        double cpu = 0;
        long rss = 0;
        for (ProcessHandle one : all) {
            Path proc = Path.of("/proc", Long.toString(one.pid()));
            try {
                cpu += cpuSeconds(proc);
                rss += rssBytes(proc);
            } catch (IOException e) {
                if (one.isAlive()) {
                    throw new IllegalStateException("cannot read " + proc, e);
                }
            }
        }
        return new Usage(cpu, rss);
    }

    // fields 14 to 17: user and system, its own and that of children that have ended
    private static double cpuSeconds(Path proc) throws IOException {
        String stat = Files.readString(proc.resolve("stat"), StandardCharsets.UTF_8);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long rssBytes(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("status"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    public Usage plus(Usage other) {
        return new Usage(cpuSeconds + other.cpuSeconds, rssBytes + other.rssBytes);
    }
}
