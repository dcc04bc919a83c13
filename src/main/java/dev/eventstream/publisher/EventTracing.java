package dev.eventstream.publisher;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.List;
import java.util.function.Supplier;

/**
 * Follows stored events from their send to the streams and proxies of the same node.
 *
 * <p>Thread-safe. Must return quickly, because deliveries are reported by the threads that deliver.
 */
public interface EventTracing {
    /** Where this node has delivered an event. */
    enum Target {
        /** All its direct streams that read the channel and are not behind. */
        STREAMS,
        /** All proxies. */
        PROXIES
    }

    /** Follows nothing. */
    EventTracing OFF = new EventTracing() {
        @Override
        public List<Event> send(List<NewEvent> events, Supplier<List<Event>> sending) {
            return sending.get();
        }

        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void delivered(ChannelName channel, EventId id, long sentNanos, Target target) {}
    };

    /**
     * Runs a send.
     *
     * @return what it returns
     */
    List<Event> send(List<NewEvent> events, Supplier<List<Event>> sending);

    /** Whether deliveries are followed; otherwise nobody needs to report them. */
    boolean isOn();

    /**
     * Reports a delivery of an event that this node has sent. The send may still be running. Does not throw.
     *
     * @param sentNanos when the append of the event began, or when the application committed it, by the system ticker
     */
    void delivered(ChannelName channel, EventId id, long sentNanos, Target target);
}
