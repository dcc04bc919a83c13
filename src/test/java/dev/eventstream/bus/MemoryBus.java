package dev.eventstream.bus;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.eventstream.config.BusFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An engine as an application would add it. It connects the nodes of one JVM, and can be broken. */
@JsonTypeName("memory")
public final class MemoryBus implements BusFactory, Bus {
    private static final Map<String, MemoryBus> BY_NAME = new ConcurrentHashMap<>();

    @JsonProperty
    private String name = "";

    private final List<BlockingQueue<byte[]>> queues = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    @Override
    public Optional<Bus> build(Setup setup) {
        return Optional.of(BY_NAME.computeIfAbsent(name, unused -> this));
    }

    static MemoryBus named(String name) {
        return BY_NAME.computeIfAbsent(name, unused -> new MemoryBus());
    }

    /** Breaks all connections and refuses new ones, or stops doing so. */
    void setBroken(boolean nowBroken) {
        broken = nowBroken;
    }

    private void requireWhole() throws IOException {
        if (broken) {
            throw new IOException("the bus is broken");
        }
    }

    @Override
    public Publisher openPublisher() throws IOException {
        requireWhole();
        return new Publisher() {
            @Override
            public void publish(byte[] message) throws IOException {
                requireWhole();
                queues.forEach(queue -> queue.add(message));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Receiver openReceiver() throws IOException {
        requireWhole();
        BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
        queues.add(queue);
        return new Receiver() {
            @Override
            public List<byte[]> receive(Duration patience) throws IOException, InterruptedException {
                requireWhole();
                List<byte[]> messages = new ArrayList<>();
                byte[] first = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    messages.add(first);
                    queue.drainTo(messages);
                }
                return messages;
            }

            @Override
            public void close() {
                queues.remove(queue);
            }
        };
    }
}
