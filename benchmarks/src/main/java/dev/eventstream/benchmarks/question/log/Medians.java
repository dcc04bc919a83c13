package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.database.BulkLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** How long pieces of work took with logs of several sizes. Confined to one thread. */
final class Medians {
    /** By number of channels, and then by number of events. */
    private final Map<String, NavigableMap<Integer, NavigableMap<Long, List<Double>>>> pieces = new LinkedHashMap<>();

    /** The metric that compares the logs with the most events and with the fewest, which have the same number of channels. */
    static String byEvents(String piece) {
        return piece + ", most events ÷ fewest";
    }

    /** The metric that compares the logs with the most channels and with fewer, of those with the most events; not with one channel. */
    static String byChannels(String piece) {
        return piece + ", most channels ÷ fewer";
    }

    /** Adds the median of a round. */
    void add(String piece, BulkLog log, double median) {
        pieces.computeIfAbsent(piece, name -> new TreeMap<>())
                .computeIfAbsent(log.channels(), channels -> new TreeMap<>())
                .computeIfAbsent(log.events(), events -> new ArrayList<>())
                .add(median);
    }

    /**
     * How much longer each piece takes with more events or channels, by the medians of all rounds. For events, it takes the worst of
     * the numbers of channels; for channels, it compares the two largest numbers. One event in each of 100 channels is more work than
     * 100 events in one, for any size of the log, so logs with a single channel are not compared with others.
     */
    Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        pieces.forEach((piece, sizes) -> {
            sizes.values().stream()
                    .filter(ofEvents -> ofEvents.size() > 1)
                    .mapToDouble(Medians::lastToFirst)
                    .max()
                    .ifPresent(ratio -> ratios.put(byEvents(piece), ratio));
            NavigableMap<Integer, Double> byChannels = new TreeMap<>();
            sizes.tailMap(1, false)
                    .forEach((channels, ofEvents) ->
                            byChannels.put(channels, median(ofEvents.lastEntry().getValue())));
            if (byChannels.size() > 1) {
                ratios.put(
                        byChannels(piece),
                        byChannels.lastEntry().getValue()
                                / byChannels.firstEntry().getValue());
            }
        });
        return ratios;
    }

    private static double lastToFirst(NavigableMap<Long, List<Double>> sizes) {
        return median(sizes.lastEntry().getValue()) / median(sizes.firstEntry().getValue());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
