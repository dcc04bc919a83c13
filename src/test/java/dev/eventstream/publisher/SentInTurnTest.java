package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentInTurnTest {
    /** A store that cannot store some data, and does not know whether it stored other data. */
    private static final class PickyStore extends ForwardingEventStore {
        private final List<Integer> appends = new ArrayList<>();

        PickyStore() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public Appended append(List<NewEvent> events, Duration maxLockWait) {
            appends.add(events.size());
            if (events.stream().anyMatch(event -> event.data().equals("refused"))) {
                throw new EventStoreException("refused", Outcome.NOT_STORED, new IllegalStateException());
            }
            Appended appended = super.append(events, maxLockWait);
            if (events.stream().anyMatch(event -> event.data().equals("unknown"))) {
                throw new EventStoreException("no answer", Outcome.UNKNOWN, new IllegalStateException());
            }
            return appended;
        }
    }

    private final PickyStore store = new PickyStore();

    private EventPublisher publisher() {
        return new EventPublisher(
                store,
                new StoredChannels(List.of()),
                new Announcements(List.of(), new MetricRegistry()),
                1_000,
                new MetricRegistry());
    }

    private SentInTurn send(String... data) {
        return SentInTurn.send(
                publisher(),
                Arrays.stream(data)
                        .map(text -> NewEvent.text("orders", "message", text))
                        .toList());
    }

    @Test
    void events_are_sent_in_one_transaction() {
        SentInTurn outcome = send("a", "b", "c");

        assertThat(data(outcome)).containsExactly("a", "b", "c");
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.failed()).isZero();
        assertThat(store.appends).containsExactly(3);
    }

    @Test
    void if_one_cannot_be_stored_those_before_it_are_and_those_after_it_are_not() {
        SentInTurn outcome = send("a", "b", "refused", "c");

        assertThat(data(outcome)).containsExactly("a", "b");
        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(outcome.failure().orElseThrow().outcome()).isEqualTo(Outcome.NOT_STORED);
        assertThat(store.appends).containsExactly(4, 1, 1, 1);
    }

    private static List<String> data(SentInTurn outcome) {
        return outcome.sent().stream()
                .map(event -> event.map(Event::data).orElse("-"))
                .toList();
    }

    @Test
    void events_to_a_finished_channel_do_not_prevent_the_others() {
        assertThat(store.append(List.of(NewEvent.end(new ChannelName("done")))).events())
                .hasSize(1);
        store.appends.clear();

        SentInTurn outcome = SentInTurn.send(
                publisher(),
                List.of(
                        NewEvent.text("orders", "message", "a"),
                        NewEvent.text("done", "message", "late"),
                        NewEvent.text("orders", "message", "b")));

        assertThat(data(outcome)).containsExactly("a", "-", "b");
        assertThat(outcome.failure()).isEmpty();
        assertThat(data(SentInTurn.send(publisher(), List.of(NewEvent.text("done", "message", "late")))))
                .containsExactly("-");
        assertThat(store.appends).containsExactly(3, 1, 1, 1, 1);
    }

    @Test
    void a_single_event_is_tried_once() {
        assertThat(send("refused").failed()).isEqualTo(1);
        assertThat(store.appends).containsExactly(1);
    }

    @Test
    void if_it_is_unknown_whether_events_are_stored_none_is_tried_again() {
        SentInTurn outcome = send("a", "unknown", "c");

        assertThat(outcome.sent()).isEmpty();
        assertThat(outcome.failed()).isEqualTo(3);
        assertThat(outcome.failure().orElseThrow().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(store.appends).containsExactly(3);
    }
}
