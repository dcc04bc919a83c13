package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TracedAnnouncerTest {
    private static final Event STORED =
            Event.stored(NewEvent.text("orders", "created", "x"), EventId.parse("k3f9x2-1"));

    private final List<String> delivered = new ArrayList<>();
    private final CompletableFuture<Void> announcement = new CompletableFuture<>();
    private final Announcer announcer = new TracedAnnouncer(
            events -> announcement,
            new EventTracing() {
                @Override
                public List<Event> send(List<NewEvent> events, Supplier<List<Event>> sending) {
                    return sending.get();
                }

                @Override
                public boolean isOn() {
                    return true;
                }

                @Override
                public void delivered(ChannelName channel, EventId id, long sentNanos, Target target) {
                    delivered.add(channel + " " + id + " " + sentNanos + " " + target);
                }
            },
            EventTracing.Target.PROXIES);

    @Test
    void stored_events_that_this_node_sent_are_reported_once_they_are_delivered() {
        CompletableFuture<Void> done =
                announcer.announceSent(List.of(STORED, Event.unstored(NewEvent.text("typing", "x", "x"))), 7);
        assertThat(delivered).isEmpty();
        announcement.complete(null);

        assertThat(delivered).containsExactly("orders k3f9x2-1 7 PROXIES");
        assertThat(done).isCompleted();
    }

    @Test
    void a_failed_announcement_and_a_repeated_one_report_nothing() {
        CompletableFuture<Void> sent = announcer.announceSent(List.of(STORED), 7);
        CompletableFuture<Void> repeated = announcer.announce(List.of(STORED));
        announcement.completeExceptionally(new IllegalStateException("the lane has ended"));

        assertThat(delivered).isEmpty();
        assertThat(sent).isCompletedExceptionally();
        assertThat(repeated).isCompletedExceptionally();
    }
}
