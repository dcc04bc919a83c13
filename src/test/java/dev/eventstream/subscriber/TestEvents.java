package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.testing.SettableClock;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Events, positions and subscriptions for tests of single classes. */
final class TestEvents {
    static final ChannelName A = new ChannelName("a");
    static final ChannelName B = new ChannelName("b");
    static final ChannelName LIVE = new ChannelName("live");
    static final String EPOCH = "e";

    /** Shows anonymous readers only events of type message. */
    static final StreamView MESSAGES =
            new StreamView(Reader.anonymous(), TypeFilter.of(List.of(new EventType("message"))));

    private TestEvents() {}

    static EventId id(long sequence) {
        return new EventId(EPOCH, sequence);
    }

    static EncodedEvent event(long sequence) {
        return event(A, sequence, Long.toString(sequence));
    }

    static EncodedEvent event(ChannelName channel, long sequence, String data) {
        return new EncodedEvent(Event.stored(NewEvent.text(channel.value(), "message", data), id(sequence)));
    }

    /** An event of channel a that is not of type message. */
    static EncodedEvent otherType(long sequence) {
        return new EncodedEvent(Event.stored(NewEvent.text("a", "other", Long.toString(sequence)), id(sequence)));
    }

    /** An event that some users must not see. */
    static EncodedEvent hiddenFrom(String user, long sequence) {
        NewEvent event = NewEvent.text("a", "message", Long.toString(sequence)).skippingUser(user);
        return new EncodedEvent(Event.stored(event, id(sequence)));
    }

    static EncodedEvent unstored(String data) {
        return new EncodedEvent(Event.unstored(NewEvent.text("live", "message", data)));
    }

    static EncodedEvent unstoredHiddenFrom(String user) {
        return new EncodedEvent(
                Event.unstored(NewEvent.text("live", "message", "x").skippingUser(user)));
    }

    /** Events of channel a, the last included. */
    static List<EncodedEvent> events(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(TestEvents::event).toList();
    }

    static List<Long> sequences(List<EncodedEvent> events) {
        return events.stream().map(event -> event.id().sequence()).toList();
    }

    static LastEventId at(long sequence) {
        return LastEventId.of(Map.of(A, id(sequence)));
    }

    /** An event of channel a as a stream of that channel shows it. */
    static String frame(long sequence) {
        return "id: a=e-" + sequence + "\nevent: message\ndata: " + sequence + "\n\n";
    }

    /** A stream with a sink; its channels are stored, except for {@code live}. */
    /** No stream is checked or ends because of its age. */
    static final StreamTerms TERMS =
            new StreamTerms(Duration.ofDays(10_000), Duration.ofDays(10_000), new SettableClock());

    static Subscription subscription(
            Reader reader, LastEventId position, MemoryBudget memory, ChannelName... channels) {
        return subscription(StreamView.of(reader), position, memory, channels);
    }

    static Subscription subscription(
            StreamView view, LastEventId position, MemoryBudget memory, ChannelName... channels) {
        List<ChannelName> all = List.of(channels);
        List<ChannelName> stored =
                all.stream().filter(channel -> !channel.equals(LIVE)).toList();
        Subscription subscription = new Subscription(
                1,
                new HoldInstruction(all, position, view, new Admission(0, Instant.MAX)),
                stored,
                new StreamTimes(TERMS, Instant.MAX, 0));
        subscription.writeTo(new TestSink(
                new StreamSink.Listener() {
                    @Override
                    public void drained() {
                        subscription.reportDrained();
                    }

                    @Override
                    public void closed(CloseReason cause) {
                        subscription.reportClosed();
                    }
                },
                memory));
        return subscription;
    }

    static TestSink sink(Subscription subscription) {
        return (TestSink) subscription.sink();
    }
}
