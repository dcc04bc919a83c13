package dev.eventstream.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends an event and reads its id from a stream, as a position from which readers can return later. */
public final class FirstEvent {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpAnswer answer = new HttpAnswer();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 12);

    private FirstEvent() {}

    /**
     * Sends the request and returns the event's id.
     *
     * @param streamHead as for {@link StreamReaders#open}
     * @throws IOException if the event does not arrive, or has no id
     */
    public static String idOf(int port, String streamHead, int publishPort, PublishRequest request)
            throws IOException, InterruptedException {
        FirstEvent reader = new FirstEvent();
        try (SocketChannel stream = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            String head = streamHead.replace("\n", "\r\n") + "Host: localhost\r\nAccept: text/event-stream\r\n\r\n";
            stream.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            while (!reader.answer.hasHead()) {
                reader.read(stream);
            }
            try (Publishers one = Publishers.flatOut(publishPort, 1, number -> request, 1)) {
                if (!one.awaitEnd(PATIENCE) || one.accepted() == 0) {
                    throw new IOException("the first event was not accepted");
                }
            }
            Optional<String> id = reader.id();
            while (id.isEmpty()) {
                reader.read(stream);
                id = reader.id();
            }
            return id.get();
        }
    }

    private void read(SocketChannel stream) throws IOException {
        buffer.clear();
        if (stream.read(buffer) < 0) {
            throw new IOException("the stream ended: " + received.toString(StandardCharsets.UTF_8));
        }
        buffer.flip();
        boolean unused = answer.read(buffer, (bytes, from, to) -> {
            for (int i = from; i < to; i++) {
                received.write(bytes.get(i));
            }
        });
    }

    private Optional<String> id() throws IOException {
        List<String> events = new ArrayList<>(
                List.of(received.toString(StandardCharsets.UTF_8).split("\n\n", -1)));
        // the last one may be incomplete
        events.remove(events.size() - 1);
        Optional<String> marked =
                events.stream().filter(event -> event.indexOf(Mark.START) >= 0).findFirst();
        if (marked.isEmpty()) {
            return marked;
        }
        return Optional.of(marked.get()
                .lines()
                .filter(line -> line.startsWith("id:"))
                .findFirst()
                .map(line -> line.substring(3).strip())
                .orElseThrow(() -> new IOException("the event has no id: " + marked.get())));
    }
}
