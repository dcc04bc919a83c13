package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Input;
import dev.eventstream.admin.page.Value;
import dev.eventstream.admin.why.OpenStreams;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.ChannelStats;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The channels by rate, size, age and readers.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class ChannelsPage implements PageSource {
    /** Most channels that are shown. */
    static final int MAX_ROWS = 200;

    private static final List<String> ORDERS = List.of("rate", "size", "age", "readers");

    private final OpenStreams streams;
    private final ChannelRates rates;
    private final ChannelSizes sizes;
    private final Clock clock;

    /** @param clock by which events are stamped */
    ChannelsPage(OpenStreams streams, ChannelRates rates, ChannelSizes sizes, Clock clock) {
        this.streams = streams;
        this.rates = rates;
        this.sizes = sizes;
        this.clock = clock;
    }

    /** A channel; a number of events or an age below 0 is not known. */
    private record Row(ChannelName channel, double rate, long events, Duration age, int readers) {}

    @Override
    public List<String> parameters() {
        return List.of("sort", "after");
    }

    @Override
    public Page page(Parameters parameters) {
        String order = parameters.oneOf("sort", ORDERS);
        String after = parameters.text("after").orElse("");
        Map<ChannelName, Integer> readers = readers();
        ChannelRates.Rates measured = rates.measure();
        ChannelSizes.Sizes read = sizes.read(after);
        TreeSet<ChannelName> names = new TreeSet<>(read.byChannel().keySet());
        names.addAll(readers.keySet());
        names.addAll(measured.perSecond().keySet());
        Instant now = clock.instant();
        List<Row> rows = names.stream()
                .map(name -> row(name, readers, measured, read, now))
                .sorted(comparator(order))
                .toList();
        List<Section> sections = new ArrayList<>();
        sections.add(form(order, after));
        sections.addAll(notes(measured, read));
        sections.add(table(rows, order));
        return PageName.CHANNELS.page(sections);
    }

    private Map<ChannelName, Integer> readers() {
        Map<ChannelName, Integer> readers = new HashMap<>();
        streams.all().forEach(stream -> stream.channels().forEach(channel -> readers.merge(channel, 1, Integer::sum)));
        return readers;
    }

    private static Row row(
            ChannelName name,
            Map<ChannelName, Integer> readers,
            ChannelRates.Rates rates,
            ChannelSizes.Sizes sizes,
            Instant now) {
        ChannelStats stats = sizes.byChannel().getOrDefault(name, new ChannelStats(name, -1, Instant.MAX));
        boolean hasEvents = !stats.oldest().equals(Instant.MAX);
        return new Row(
                name,
                rates.perSecond().getOrDefault(name, 0.0),
                stats.events(),
                hasEvents ? Duration.between(stats.oldest(), now) : Duration.ofSeconds(-1),
                readers.getOrDefault(name, 0));
    }

    private static Comparator<Row> comparator(String order) {
        Comparator<Row> largestLast = switch (order) {
            case "size" -> Comparator.comparingLong(Row::events);
            case "age" -> Comparator.comparing(Row::age);
            case "readers" -> Comparator.comparingInt(Row::readers);
            default -> Comparator.comparingDouble(Row::rate);
        };
        return largestLast.reversed().thenComparing(Row::channel);
    }

    private static Section form(String order, String after) {
        return new Section.Form(
                false,
                PageName.CHANNELS.path(),
                "Which channels",
                "",
                List.of(
                        new Input("sort", "sorted by", order, ORDERS),
                        new Input("after", "sizes from the names after", after)),
                "Show");
    }

    private static List<Section> notes(ChannelRates.Rates rates, ChannelSizes.Sizes sizes) {
        List<Section> notes = new ArrayList<>();
        notes.add(new Section.Note(
                "Rates are those of the last ten seconds on all nodes. Readers are the direct streams of this"
                        + " node; a channel of its readers is shown although its log may be empty."));
        if (rates.notMeasured() > 0) {
            notes.add(new Section.Note(
                    rates.notMeasured() + " other channels had events in the last ten seconds, too; only the"
                            + " first " + ChannelRates.MAX_CHANNELS + " by name are measured."));
        }
        if (!sizes.last().isEmpty()) {
            notes.add(new Section.Note("The sizes are those of "
                    + sizes.byChannel().size() + " channels; there are more after \"" + sizes.last() + "\"."));
        }
        return notes;
    }

    private static Section table(List<Row> rows, String order) {
        return new Section.Table(
                "channels",
                "Channels by " + order,
                Section.columns(
                        "channel",
                        "channel",
                        "eventsPerSecond",
                        "events per second",
                        "events",
                        "events",
                        "oldestSeconds",
                        "oldest event",
                        "readers",
                        "readers here"),
                rows.stream().limit(MAX_ROWS).map(ChannelsPage::values).toList(),
                rows.size());
    }

    private static List<Value> values(Row row) {
        String name = row.channel().value();
        return List.of(
                Value.link(name, PageName.STREAMS.with("channel", name)),
                new Value.Rate(row.rate()),
                row.events() < 0 ? Value.none() : Value.count(row.events()),
                row.age().isNegative() ? Value.none() : Value.span(row.age()),
                Value.count(row.readers()));
    }
}
