package dev.eventstream.command;

import dev.eventstream.bus.NodeInfo;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.LogSize;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One page of {@code events top}. Immutable. */
final class TopPage {
    private static final int MAX_NODES = 50;
    private static final int MAX_CHANNELS = 20;
    private static final int NAME_LENGTH = 40;
    private static final String NODE = "%-40s  %-10s  %9s  %9s  %8s%n";
    private static final String CHANNEL = "%-40s  %10s%n";

    private final Clock clock;

    TopPage(Clock clock) {
        this.clock = clock;
    }

    /**
     * The page.
     *
     * @param rates events per second, by channel
     */
    String text(List<NodeInfo> nodes, Map<ChannelName, Double> rates, @Nullable LogSize log) {
        StringBuilder text = new StringBuilder();
        int streams = nodes.stream().mapToInt(NodeInfo::streams).sum();
        double events = rates.values().stream().mapToDouble(rate -> rate).sum();
        text.append(format(
                "%s   nodes: %d   direct streams: %,d   events/s: %.1f%s%n%n",
                clock.instant().truncatedTo(ChronoUnit.SECONDS), nodes.size(), streams, events, logSize(log)));
        text.append(format(NODE, "node", "version", "up", "streams", "lag"));
        nodes.stream().limit(MAX_NODES).forEach(node -> text.append(row(node)));
        if (nodes.isEmpty()) {
            text.append("No node has announced itself yet.\n");
        }
        text.append('\n').append(format(CHANNEL, "channel", "events/s"));
        rates.entrySet().stream()
                .filter(rate -> rate.getValue() > 0)
                .sorted(Map.Entry.<ChannelName, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_CHANNELS)
                .forEach(rate ->
                        text.append(format(CHANNEL, shown(rate.getKey().value()), format("%.1f", rate.getValue()))));
        return text.toString();
    }

    private String row(NodeInfo node) {
        return format(
                NODE,
                shown(node.name()),
                shown(node.version()),
                shown(Duration.between(node.started(), clock.instant())),
                format("%,d", node.streams()),
                format("%,d ms", node.lag().toMillis()));
    }

    private String logSize(@Nullable LogSize log) {
        if (log == null) {
            return "";
        }
        String oldest = log.oldest().equals(Instant.MAX)
                ? ""
                : ", the oldest " + shown(Duration.between(log.oldest(), clock.instant()));
        return format("   log: about %,d events%s", log.events(), oldest);
    }

    private static String shown(String name) {
        String printable = Terminal.printable(name);
        return printable.length() <= NAME_LENGTH ? printable : printable.substring(0, NAME_LENGTH - 1) + '…';
    }

    /** Two units at most, such as {@code 3d 4h} or {@code 12s}. */
    private static String shown(Duration time) {
        Duration positive = time.isNegative() ? Duration.ZERO : time;
        if (positive.toDays() > 0) {
            return positive.toDays() + "d " + positive.toHoursPart() + 'h';
        } else if (positive.toHours() > 0) {
            return positive.toHours() + "h " + positive.toMinutesPart() + 'm';
        } else if (positive.toMinutes() > 0) {
            return positive.toMinutes() + "m " + positive.toSecondsPart() + 's';
        }
        return positive.toSeconds() + "s";
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
