package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of sending several events in turn: each is sent only if those before it were, or were refused because their channel is
 * finished.
 *
 * <p>Immutable.
 */
public final class SentInTurn {
    private final List<Optional<Event>> sent;
    private final int failed;
    private final @Nullable EventStoreException failure;

    private SentInTurn(List<Optional<Event>> sent, int failed, @Nullable EventStoreException failure) {
        this.sent = List.copyOf(sent);
        this.failed = failed;
        this.failure = failure;
    }

    /**
     * Sends the events in one transaction. If nothing could be stored, it sends them one by one, because one of them may be to
     * blame.
     *
     * @param events the events; those of each channel are in order
     */
    public static SentInTurn send(EventPublisher publisher, List<NewEvent> events) {
        if (events.size() == 1) {
            return oneByOne(publisher, events);
        }
        try {
            return all(publisher.send(events).stream().map(Optional::of).toList());
        } catch (EventStoreException e) {
            return e.outcome() == Outcome.NOT_STORED
                    ? oneByOne(publisher, events)
                    : new SentInTurn(List.of(), events.size(), e);
        }
    }

    private static SentInTurn oneByOne(EventPublisher publisher, List<NewEvent> events) {
        List<Optional<Event>> sent = new ArrayList<>();
        for (NewEvent event : events) {
            try {
                sent.add(Optional.of(publisher.send(List.of(event)).get(0)));
            } catch (ChannelFinishedException e) {
                sent.add(Optional.empty());
            } catch (EventStoreException e) {
                return new SentInTurn(sent, 1, e);
            }
        }
        return all(sent);
    }

    private static SentInTurn all(List<Optional<Event>> sent) {
        return new SentInTurn(sent, 0, null);
    }

    /** The first of the events, as sent; empty if the channel of the event is finished. */
    public List<Optional<Event>> sent() {
        return sent;
    }

    /**
     * How many of the next events the failure concerns: one that is not stored, or several of which it is unknown whether they
     * are. The remaining events are certainly not stored.
     */
    public int failed() {
        return failed;
    }

    /** Why they could not be sent; empty if all were sent. */
    public Optional<EventStoreException> failure() {
        return Optional.ofNullable(failure);
    }
}
