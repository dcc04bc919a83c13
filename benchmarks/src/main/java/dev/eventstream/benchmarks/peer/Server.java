package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;
import java.util.List;

/** A server that is running. */
public interface Server extends AutoCloseable {
    /** The port on which it serves streams. */
    int port();

    /** The port on which it accepts events. */
    default int publishPort() {
        return port();
    }

    /** The request line of a stream of one channel, and the headers that it needs; each line ends with a line feed. */
    String streamHead(String channel);

    /**
     * A request for a stream after a position.
     *
     * @param lastEventId the value of the header {@code Last-Event-ID}
     */
    default String streamHead(String channel, String lastEventId) {
        return streamHead(channel) + "Last-Event-ID: " + lastEventId + '\n';
    }

    /** A request that sends one event with this much data. */
    PublishRequest publishRequest(String channel, int dataLength);

    /**
     * A request that sends an event to each of the channels.
     *
     * @throws UnsupportedOperationException if it cannot accept several events in one request
     */
    default PublishRequest batchRequest(List<String> channels, int dataLength) {
        throw new UnsupportedOperationException("one event per request");
    }

    /** A request that sends an event to each of the channels, each event as a line that succeeds or fails on its own. */
    default PublishRequest linesRequest(List<String> channels, int dataLength) {
        throw new UnsupportedOperationException("one event per request");
    }

    /** What it has used since it started, and the memory that it uses now. */
    Usage usage();

    /** Live bytes on the heap after a collection; 0 if it is not a JVM. */
    default long liveHeapBytes() throws Exception {
        return 0;
    }

    /** Ends it. */
    @Override
    void close();
}
