package dev.eventstream.testing;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is in the log of an application. Thread-safe. */
record SentEvents(EventStore store) {
    private static final PageLimit PAGE = new PageLimit(1_000, 1_000_000);
    private static final int CHANNELS = 1_000;

    /** The events of the channel that are not trimmed, first to last. */
    List<Event> of(String channel) {
        ChannelName name = new ChannelName(channel);
        EventId start = store.startPositions(Set.of(name), StartLimit.ALL)
                .map(positions -> positions.getOrDefault(name, EventId.NONE))
                .orElse(EventId.NONE);
        return after(name, start);
    }

    /** The events after a position, first to last; none if they were trimmed, or the position is of another log. */
    List<Event> after(ChannelName channel, EventId start) {
        List<Event> events = new ArrayList<>();
        EventId position = start;
        while (store.readAfter(channel, position, PAGE) instanceof EventPage.Range page) {
            events.addAll(page.events());
            if (!page.hasMore() || page.events().isEmpty()) {
                break;
            }
            position = events.get(events.size() - 1).id();
        }
        return events;
    }

    /** The names of the channels that have events. */
    Set<String> channels() {
        Set<String> names = new TreeSet<>();
        List<ChannelStats> page = store.stats("", CHANNELS);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(channel -> channel.events() > 0)
                    .forEach(channel -> names.add(channel.channel().value()));
            page = page.size() < CHANNELS
                    ? List.of()
                    : store.stats(page.get(page.size() - 1).channel().value(), CHANNELS);
        }
        return names;
    }
}
