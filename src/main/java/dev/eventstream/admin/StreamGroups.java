package dev.eventstream.admin;

import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Value;
import dev.eventstream.subscriber.StreamInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Streams counted by something they have in common. Confined to one thread.
 */
final class StreamGroups {
    /** Most groups that are shown. */
    static final int MAX_ROWS = 50;

    private final Map<String, Group> groups = new HashMap<>();

    /** The totals of the streams of a group. */
    private static final class Group {
        private int streams;
        private long pendingBytes;
        private Duration oldest = Duration.ZERO;

        void add(StreamInfo stream) {
            streams++;
            pendingBytes += stream.pendingBytes();
            oldest = stream.age().compareTo(oldest) > 0 ? stream.age() : oldest;
        }

        long streams() {
            return streams;
        }
    }

    /** @param names the names of the groups to which a stream belongs */
    StreamGroups(List<StreamInfo> all, Function<StreamInfo, Collection<String>> names) {
        for (StreamInfo stream : all) {
            for (String name : names.apply(stream)) {
                groups.computeIfAbsent(name, unused -> new Group()).add(stream);
            }
        }
    }

    /**
     * The largest groups.
     *
     * @param label the name of what they have in common
     * @param show how the name of a group is shown
     */
    Section table(String key, String caption, String label, Function<String, Value> show) {
        return new Section.Table(
                key,
                caption,
                Section.columns(
                        label, label, "streams", "streams", "pendingBytes", "pending", "oldestSeconds", "oldest"),
                groups.entrySet().stream()
                        .sorted(Map.Entry.<String, Group>comparingByValue(
                                        Comparator.comparingLong(Group::streams).reversed())
                                .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MAX_ROWS)
                        .map(entry -> row(show.apply(entry.getKey()), entry.getValue()))
                        .toList(),
                groups.size());
    }

    private static List<Value> row(Value name, Group group) {
        return List.of(name, Value.count(group.streams), Value.bytes(group.pendingBytes), Value.span(group.oldest));
    }
}
