package dev.eventstream.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The use of the heap, from a JVM's log of garbage collections.
 *
 * @param peakMegabytes the most that was used before a collection
 * @param peakAfterMegabytes the most that was used after a collection
 */
record GcLog(long peakMegabytes, long peakAfterMegabytes) {
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

    /** The JVM option that writes the log. */
    static String option(Path file) {
        return "-Xlog:gc:file=" + file;
    }

    static GcLog read(Path file) throws IOException {
        long peak = 0;
        long peakAfter = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            Matcher collection = COLLECTION.matcher(line);
            if (collection.find()) {
                peak = Math.max(peak, Long.parseLong(collection.group(1)));
                peakAfter = Math.max(peakAfter, Long.parseLong(collection.group(2)));
            }
        }
        return new GcLog(peak, peakAfter);
    }

    @Override
    public String toString() {
        return "peak heap " + peakMegabytes + " MB, after a collection " + peakAfterMegabytes + " MB";
    }
}
