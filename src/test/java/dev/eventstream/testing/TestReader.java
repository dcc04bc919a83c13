package dev.eventstream.testing;

import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.memory.MemoryEventStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a test, as the bundle's client does in a browser: it keeps its position, drops repeats, and resumes where it was cut. It
 * does so only when the test says so.
 *
 * <p>A wait fails with {@link AssertionError} after 20 seconds, or as soon as the stream has ended; the message shows what has arrived.
 *
 * <p>Thread-safe. A background thread receives the events of each connection.
 */
public final class TestReader implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Opening opening;
    private final Contiguity contiguity;

    // guarded by this: everything that has arrived on all connections, and where the current connection begins
    private final List<ReceivedEvent> events = new ArrayList<>();
    private int connectedAt;
    private int taken; // by next()
    private String position = "";
    private @Nullable Connection connection;

    private TestReader(Opening opening, Contiguity contiguity) {
        this.opening = opening;
        this.contiguity = contiguity;
    }

    /**
     * Opens a stream of a service that runs anywhere, and waits until it is open. {@link #assertContiguous} then cannot see the log, so it also
     * reports events that skip the reader.
     *
     * @param headers names and values, alternately, such as {@code "Authorization", "Bearer …"}
     * @throws AssertionError if the reader is refused
     */
    public static TestReader open(URI uri, String... headers) {
        SentEvents unknown = new SentEvents(new MemoryEventStore(Clock.systemUTC()));
        return open(new Opening(uri, List.of(headers)), new Contiguity(unknown, event -> false));
    }

    /** Opens a stream, and waits until it is open. */
    static TestReader open(Opening opening, Contiguity contiguity) {
        return new TestReader(opening, contiguity).resume();
    }

    /** Requests a stream that is refused. */
    static String refusal(Opening opening, Contiguity contiguity) {
        try (TestReader reader = new TestReader(opening, contiguity)) {
            return reader.connect().orElseThrow(() -> new AssertionError(opening + " was not refused"));
        }
    }

    /** One connection; its thread reads until the end of the answer, or the cut. */
    private final class Connection implements Runnable {
        private final InputStream body;
        private final StreamParser parser;
        private boolean hasEnded; // guarded by the reader

        Connection(InputStream body, String position) {
            this.body = body;
            this.parser = new StreamParser(body, position);
        }

        @Override
        public void run() {
            try {
                Optional<StreamParser.Block> block = parser.next();
                while (block.isPresent() && receive(this, block.get())) {
                    block = parser.next();
                }
            } catch (IOException e) {
                // cut, by the test or by the service
            } finally {
                ended(this);
            }
        }

        void cut() {
            try {
                body.close();
            } catch (IOException e) {
                throw new AssertionError(opening + " could not be closed", e);
            }
        }
    }

    private synchronized boolean receive(Connection from, StreamParser.Block block) {
        if (connection != from) {
            return false;
        }
        ReceivedEvent event = block.event();
        if (!event.isOfApplication() || !block.hasId() || isNew(event)) {
            events.add(event);
            position = event.lastEventId();
            notifyAll();
        }
        return true;
    }

    private synchronized void ended(Connection from) {
        from.hasEnded = true;
        notifyAll();
    }

    private boolean isNew(ReceivedEvent event) {
        LastEventId before = LastEventId.parse(position);
        return StreamEvents.position(event).orElse(LastEventId.EMPTY).positions().entrySet().stream()
                .anyMatch(entry -> before.in(entry.getKey())
                        .filter(old -> isAtOrAfter(old, entry))
                        .isEmpty());
    }

    private static boolean isAtOrAfter(EventId old, Map.Entry<?, EventId> entry) {
        return old.epoch().equals(entry.getValue().epoch())
                && old.sequence() >= entry.getValue().sequence();
    }

    /**
     * Waits for the next event that the application sent. Each call returns the one after that of the call before, whether or not the
     * reader was cut in between.
     */
    public synchronized ReceivedEvent next() {
        ReceivedEvent next = await(
                "event " + (taken + 1), () -> received().stream().skip(taken).findFirst());
        taken++;
        return next;
    }

    /**
     * Waits until it has received at least this number of events that the application sent, on all its connections together.
     *
     * @return all of them, first to last
     */
    public List<ReceivedEvent> await(int count) {
        return await(count + " events", () -> Optional.of(received()).filter(received -> received.size() >= count));
    }

    /**
     * Waits for an event of a type on the present connection, and returns the first one. Also finds the bundle's own events:
     * {@code stream-reset} if events are gone, {@code stream-end} if all channels are finished, {@code stream-error} if the reader was
     * disconnected or lost a permission.
     */
    public ReceivedEvent await(String type) {
        return await(
                "event of type " + type,
                () -> events.stream()
                        .skip(connectedAt)
                        .filter(event -> event.type().equals(type))
                        .findFirst());
    }

    /** The events that the application sent and that have arrived, first to last. */
    public synchronized List<ReceivedEvent> received() {
        return events.stream().filter(ReceivedEvent::isOfApplication).toList();
    }

    /**
     * Breaks the connection, as a failing network does. Nothing arrives after this returns. The events that are sent from now on wait in the
     * log until {@link #resume}.
     */
    public void cut() {
        Connection broken;
        synchronized (this) {
            broken = connection;
            connection = null;
            notifyAll();
        }
        if (broken != null) {
            broken.cut();
        }
    }

    /**
     * Opens the stream again with the position of the last event that has arrived, and waits until it is open. Breaks the present
     * connection first, if there is one.
     *
     * @return this
     * @throws AssertionError if the service refuses; after a {@code stream-error} or {@code stream-end} it does, as it tells clients to stop
     */
    public TestReader resume() {
        cut();
        connect().ifPresent(refusal -> {
            throw new AssertionError(opening + " was refused: " + refusal);
        });
        return this;
    }

    /** Connects, and returns why this was refused; empty if the stream is open. */
    private Optional<String> connect() {
        String from = position();
        HttpResponse<InputStream> response = opening.send(from);
        Connection opened = new Connection(response.body(), from);
        if (response.statusCode() != 200) {
            opened.cut();
            return Optional.of("status " + response.statusCode());
        }
        synchronized (this) {
            connection = opened;
            connectedAt = events.size();
        }
        Thread thread = new Thread(opened, "test-reader");
        thread.setDaemon(true);
        thread.start();
        return StreamEvents.condition(await("first event", this::first));
    }

    private synchronized String position() {
        return position;
    }

    private Optional<ReceivedEvent> first() {
        return events.stream().skip(connectedAt).findFirst();
    }

    /**
     * Checks that what has arrived is one contiguous run of each channel: nothing is missing, and positions change only forwards. Events
     * that skip this reader may be missing, as may those before a {@code stream-reset}.
     *
     * <p>It is not for streams that leave out events on purpose: those of selected types, and those of latest channels.
     *
     * @throws AssertionError otherwise; the message names the events
     */
    public synchronized void assertContiguous() {
        contiguity.breach(events).ifPresent(breach -> {
            throw new AssertionError("the run of events is not contiguous: " + breach + "; it received " + events);
        });
    }

    private synchronized <T> T await(String what, Supplier<Optional<T>> search) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<T> found = search.get();
        while (found.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || connection == null || connection.hasEnded) {
                throw new AssertionError(
                        "no " + what + " on " + opening + ", which " + state() + "; it received " + events);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("the thread was interrupted while it waited for " + what, e);
            }
            found = search.get();
        }
        return found.get();
    }

    private String state() {
        if (connection == null) {
            return "is cut";
        }
        return connection.hasEnded ? "has ended" : "is open, within " + PATIENCE.toSeconds() + " s";
    }

    /** Cuts it for good. */
    @Override
    public void close() {
        cut();
    }
}
