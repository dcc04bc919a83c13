package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.StreamView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All clients come back at once. */
class ReconnectStormTest {
    private static final ChannelName CHANNEL = new ChannelName("storm");
    private static final int EVENTS = 1_000;
    private static final int CLIENTS = 5_000;
    private static final int PAGES = EVENTS / SharedPages.PAGE_EVENTS + 1;

    private final CountedReads store = new CountedReads(new MemoryEventStore(Clock.systemUTC()));

    @Test
    void readers_that_come_back_at_once_cause_one_query_per_page() throws Exception {
        List<Event> events = store.append(IntStream.rangeClosed(1, EVENTS)
                        .mapToObj(i -> NewEvent.text("storm", "message", "event " + i))
                        .toList())
                .events();
        StreamStart catchUp = new TestNode(store).fanout().streamStart();
        ExecutorService requests = Executors.newFixedThreadPool(50);
        List<Callable<StreamStart.Beginning>> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> (Callable<StreamStart.Beginning>) () -> catchUp.begin(
                        List.of(CHANNEL),
                        positionOf(events.get(i * 7 % (EVENTS - 1))),
                        StartLimit.NOW,
                        StreamView.of(Reader.anonymous())))
                .toList();

        List<Future<StreamStart.Beginning>> beginnings = requests.invokeAll(clients, 60, TimeUnit.SECONDS);
        requests.shutdown();

        for (int i = 0; i < CLIENTS; i++) {
            String frames = new String(beginnings.get(i).get().missed().frames(), StandardCharsets.UTF_8);
            assertThat(frames).startsWith("id: " + positionOf(events.get(i * 7 % (EVENTS - 1) + 1)) + '\n');
        }
        assertThat(store.reads.get()).isLessThanOrEqualTo(PAGES);
        assertThat(store.looks.get()).isEqualTo(1);
    }

    private static LastEventId positionOf(Event event) {
        return LastEventId.of(Map.of(CHANNEL, event.id()));
    }

    /** Counts calls that would be queries. */
    private static final class CountedReads extends ForwardingEventStore {
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger looks = new AtomicInteger();

        CountedReads(EventStore store) {
            super(store);
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            reads.incrementAndGet();
            return super.readAfter(channel, after, limit);
        }

        @Override
        public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
            looks.incrementAndGet();
            return super.ends(channels);
        }
    }
}
