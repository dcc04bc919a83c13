package dev.eventstream.recipe;

import com.google.common.util.concurrent.Uninterruptibles;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A service that stores what it reads. Its handler fails repeatedly after it has written, and its stream can be closed. */
public final class FailingService implements AutoCloseable {
    private static final String TABLES = """
            CREATE TABLE stream_reader (name VARCHAR(50) PRIMARY KEY, position TEXT NOT NULL);
            INSERT INTO stream_reader VALUES ('orders', '');
            CREATE TABLE handled (number BIGINT GENERATED ALWAYS AS IDENTITY, type VARCHAR(50), data VARCHAR(255));
            """;

    private final Jdbi jdbi = Jdbi.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private final Random random = new Random(7);
    private final AtomicInteger failures = new AtomicInteger();
    private final StoredReader reader;
    private final Thread thread = new Thread(this::run, "failing-service");
    private volatile boolean isClosed;
    private volatile EventSource stream;

    public FailingService(URI uri) {
        jdbi.useHandle(handle -> handle.createScript(TABLES).execute());
        reader = new StoredReader(jdbi, "orders", uri, this::handle);
        stream = reader.open();
        thread.start();
    }

    private void run() {
        while (!isClosed) {
            try {
                reader.read(stream);
            } catch (IllegalArgumentException e) {
                failures.incrementAndGet();
            }
            stream.close();
            stream = reader.open();
        }
    }

    private void handle(Handle handle, MessageEvent event) {
        handle.execute("INSERT INTO handled (type, data) VALUES (?, ?)", event.getEventName(), event.getData());
        if (random.nextInt(10) == 0) {
            throw new IllegalArgumentException("planned");
        }
    }

    /** Closes the stream as if the process ended, and opens another one. */
    public void restart() {
        stream.close();
    }

    /** Whether it has a position in the stream. */
    public boolean isAtAPosition() {
        return jdbi.withHandle(handle -> !handle.select("SELECT position FROM stream_reader")
                .mapTo(String.class)
                .one()
                .isEmpty());
    }

    /** The data of the events that it has handled, in this order; for other types than {@code message}, the type. */
    public List<String> handled() {
        return jdbi.withHandle(handle -> handle.select(
                        "SELECT CASE type WHEN 'message' THEN data ELSE type END FROM handled ORDER BY number")
                .mapTo(String.class)
                .list());
    }

    /** How many times its handler has failed. */
    public int failures() {
        return failures.get();
    }

    @Override
    public void close() {
        isClosed = true;
        stream.close();
        Uninterruptibles.joinUninterruptibly(thread, Duration.ofSeconds(10));
        stream.close();
        if (thread.isAlive()) {
            throw new IllegalStateException("the stream was closed, but its reader goes on");
        }
    }
}
