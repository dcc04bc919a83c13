package dev.eventstream.admin.why;

import dev.eventstream.admin.page.UnavailableException;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.subscriber.Fanout;
import dev.eventstream.subscriber.StreamInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The direct streams of this node, and what it knows of their channels.
 *
 * <p>Thread-safe.
 */
public final class OpenStreams {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Fanout fanout;

    /** @param fanout has the streams */
    public OpenStreams(Fanout fanout) {
        this.fanout = fanout;
    }

    /**
     * All streams. Blocks until the fan-out threads have answered, five seconds at most.
     *
     * @throws UnavailableException if they do not
     */
    public List<StreamInfo> all() {
        try {
            return fanout.survey(LIMIT);
        } catch (TimeoutException e) {
            throw new UnavailableException("The fan-out thread has not answered for " + LIMIT.toSeconds()
                    + " s; see the health check eventstream-loops.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("This node is stopping.");
        }
    }

    /** The position up to which this node knows a channel's log; empty if it does not follow the channel. */
    Optional<EventId> knownPosition(ChannelName channel) {
        return fanout.knownPosition(channel);
    }
}
