package dev.eventstream.pushpin;

import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads a channel as the shipped client does: it resumes whenever its stream ends or cannot be opened, and drops events whose
 * id it has seen. Runs on a separate thread. Thread-safe.
 */
final class ReturningReader implements AutoCloseable {
    private final String channel;
    private final Function<String, TestStream> open;
    private final Thread thread = new Thread(this::run, "returning-reader");

    // guarded by this
    private final List<WireEvent> seen = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private String lastEventId;
    private int connections;
    private int repeats;

    private volatile boolean closed;

    /**
     * @param open opens a stream from a Last-Event-ID
     */
    ReturningReader(String channel, String from, Function<String, TestStream> open) {
        this.channel = channel;
        this.lastEventId = from;
        this.open = open;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (TestStream stream = open.apply(lastEventId())) {
                if (stream.status() == 200) {
                    connected();
                    follow(stream);
                }
            } catch (RuntimeException e) {
                // refused or disconnected: try again
                Thread.onSpinWait();
            }
        }
    }

    private void follow(TestStream stream) {
        int taken = 0;
        while (!closed) {
            boolean ended = stream.hasEnded();
            List<WireEvent> events = stream.events();
            events.subList(taken, events.size()).forEach(this::take);
            taken = events.size();
            if (ended) {
                moveTo(stream.lastEventId());
                return;
            }
            stream.awaitMoreThan(taken);
        }
    }

    private synchronized void connected() {
        connections++;
    }

    private synchronized void moveTo(String id) {
        if (!id.isEmpty()) {
            lastEventId = id;
        }
    }

    private synchronized void take(WireEvent event) {
        moveTo(event.id());
        if (TestStream.isMessage(event)) {
            if (sequence(event) <= (seen.isEmpty() ? 0 : sequence(seen.get(seen.size() - 1)))) {
                repeats++;
            } else {
                seen.add(event);
                arrivals.add(System.nanoTime());
            }
        }
    }

    private long sequence(WireEvent event) {
        for (String position : event.id().split(",", -1)) {
            if (position.startsWith(channel + "=")) {
                return Long.parseLong(position.substring(position.lastIndexOf('-') + 1));
            }
        }
        throw new IllegalStateException("an event of " + channel + " has the id " + event.id());
    }

    synchronized String lastEventId() {
        return lastEventId;
    }

    synchronized List<WireEvent> seen() {
        return List.copyOf(seen);
    }

    /** The arrival time of each event, by System.nanoTime. */
    synchronized List<Long> arrivals() {
        return List.copyOf(arrivals);
    }

    synchronized List<Long> sequences() {
        return seen.stream().map(this::sequence).toList();
    }

    synchronized int count() {
        return seen.size();
    }

    synchronized int connections() {
        return connections;
    }

    synchronized int repeats() {
        return repeats;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
