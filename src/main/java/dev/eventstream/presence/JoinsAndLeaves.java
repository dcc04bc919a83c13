package dev.eventstream.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ticker;
import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which joins and leaves to send. A user has joined a channel after reading it for a certain time, and has left after the same
 * time without any stream on all nodes and proxies. So a page that is reloaded causes neither.
 *
 * <p>Every node follows all users and decides in the same way; {@link SenderTurn} makes sure that one of them sends the events.
 *
 * <p>Confined to one thread.
 */
final class JoinsAndLeaves {
    static final String JOIN = "join";
    static final String LEAVE = "leave";
    static final String MANY = "presence";

    /** If more users of a channel join and leave at once, one event of type {@value #MANY} replaces their events. */
    static final int MAX_EVENTS = 50;

    private final PresentReaders all;
    private final PresenceChannels channels;
    private final long delayNanos;
    private final Ticker ticker;

    /** The users that have joined. */
    private final Set<Attendee> joined = new HashSet<>();

    /** The users whose presence has changed, with the time of the change, in the order of time. */
    private final Map<Attendee, Long> undecided = new LinkedHashMap<>();

    /** @param delay how long a user must be there or away */
    JoinsAndLeaves(PresentReaders all, PresenceChannels channels, Duration delay, Ticker ticker) {
        this.all = all;
        this.channels = channels;
        this.delayNanos = delay.toNanos();
        this.ticker = ticker;
    }

    /**
     * The events to send now.
     *
     * @param isSettled whether this node knows all readers; until then, the users that it finds have joined earlier
     */
    List<NewEvent> round(boolean isSettled) {
        for (Attendee attendee : all.takeChanged()) {
            if (!isSettled) {
                note(attendee);
            } else if (all.isPresent(attendee) == joined.contains(attendee)) {
                undecided.remove(attendee);
            } else {
                undecided.putIfAbsent(attendee, ticker.read());
            }
        }
        return events(due());
    }

    private void note(Attendee attendee) {
        if (all.isPresent(attendee)) {
            joined.add(attendee);
        } else {
            joined.remove(attendee);
        }
    }

    private Map<ChannelName, List<Attendee>> due() {
        Map<ChannelName, List<Attendee>> due = new LinkedHashMap<>();
        Iterator<Map.Entry<Attendee, Long>> oldest = undecided.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Attendee, Long> entry = oldest.next();
            if (ticker.read() - entry.getValue() < delayNanos) {
                break;
            }
            oldest.remove();
            Attendee attendee = entry.getKey();
            note(attendee);
            due.computeIfAbsent(attendee.channel(), unused -> new ArrayList<>()).add(attendee);
        }
        return due;
    }

    private List<NewEvent> events(Map<ChannelName, List<Attendee>> due) {
        List<NewEvent> events = new ArrayList<>();
        due.forEach((channel, attendees) -> channels.eventsOf(channel).ifPresent(target -> {
            int readers = all.count(channel);
            if (attendees.size() > MAX_EVENTS) {
                events.add(event(target, MANY, null, readers));
                return;
            }
            attendees.forEach(attendee ->
                    events.add(event(target, joined.contains(attendee) ? JOIN : LEAVE, attendee.user(), readers)));
        }));
        return events;
    }

    private static NewEvent event(ChannelName target, String type, @Nullable String user, int readers) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        if (user != null) {
            data.put("user", user);
        }
        return NewEvent.text(target.value(), type, data.put("readers", readers).toString());
    }
}
