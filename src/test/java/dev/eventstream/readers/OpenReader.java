package dev.eventstream.readers;

import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.util.List;

/** A reader that is reading a stream. Thread-safe. */
public interface OpenReader extends AutoCloseable {
    /** The events that it has shown, with the ids that it reports. */
    List<WireEvent> events();

    /** The events that it has shown and the application has sent. */
    default List<WireEvent> messages() {
        return events().stream().filter(TestStream::isMessage).toList();
    }

    default boolean has(String type) {
        return events().stream().anyMatch(event -> event.type().equals(type));
    }

    /** Whether it has given up by itself and will not reconnect. */
    boolean hasStopped();

    @Override
    void close();
}
