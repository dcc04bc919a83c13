package dev.eventstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads {@code text/event-stream} as a browser does, line by line after the HTML standard, 9.2.6, and shares nothing with the
 * encoder. It reads no further than the event that it gives back, and keeps every byte that it read.
 *
 * <p>One thread reads, and blocks as the stream does: give the stream a read timeout. Any thread may ask for the bytes and the
 * last event id that have come.
 */
public final class WireReader implements AutoCloseable {
    private static final int CR = '\r';
    private static final int LF = '\n';
    private static final int END = -1;

    private final InputStream in;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private final List<String> comments = new ArrayList<>();

    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String idBuffer = "";
    private OptionalLong retry = OptionalLong.empty();

    private volatile String lastEventId = "";
    private OptionalLong reconnectionTime = OptionalLong.empty();
    private boolean atStart = true;
    private boolean afterCr;
    private int dispatchedBytes;

    public WireReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    public static WireReader of(byte[] bytes) {
        return new WireReader(new ByteArrayInputStream(bytes));
    }

    /**
     * An event as a browser's handler sees it.
     *
     * @param id last event id of the stream, which stays as it is until a block brings another
     * @param type {@code message} if the block names none
     * @param retry reconnection time that came since the event before, in milliseconds
     */
    public record WireEvent(String id, String type, String data, OptionalLong retry) {
        public WireEvent(String id, String type, String data) {
            this(id, type, data, OptionalLong.empty());
        }

        public WireEvent(String id, String type, String data, long retry) {
            this(id, type, data, OptionalLong.of(retry));
        }
    }

    /** Waits for the next event; empty if the stream ends before one is complete. */
    public Optional<WireEvent> next() throws IOException {
        for (Optional<String> line = readLine(); line.isPresent(); line = readLine()) {
            if (line.get().isEmpty()) {
                Optional<WireEvent> event = dispatch();
                if (event.isPresent()) {
                    return event;
                }
            } else {
                interpret(line.get());
            }
        }
        return Optional.empty();
    }

    /** Reads to the end of the stream. */
    public List<WireEvent> rest() throws IOException {
        List<WireEvent> events = new ArrayList<>();
        for (Optional<WireEvent> event = next(); event.isPresent(); event = next()) {
            events.add(event.get());
        }
        return events;
    }

    /** What a browser would send as {@code Last-Event-ID}: also moved by a block that has an id but no data. */
    public String lastEventId() {
        return lastEventId;
    }

    /** The last {@code retry:} in milliseconds. */
    public OptionalLong reconnectionTime() {
        return reconnectionTime;
    }

    /** Text of the comment lines so far, without the colon. */
    public List<String> comments() {
        return List.copyOf(comments);
    }

    /** Every byte that was read so far. */
    public byte[] raw() {
        return raw.toByteArray();
    }

    /** The bytes that were read so far, as text. */
    public String rawText() {
        return raw.toString(StandardCharsets.UTF_8);
    }

    /** Reads to the end and fails if there is another event, or a byte that belongs to no finished block. */
    public void assertNothingLeft() throws IOException {
        assertThat(rest()).as("events that nobody expected").isEmpty();
        String left = new String(raw(), dispatchedBytes, raw.size() - dispatchedBytes, StandardCharsets.UTF_8);
        assertThat(left).as("the beginning of a block that never ended").isEmpty();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** A line without its end; empty at the end of the stream, which drops an unfinished line as the standard has it. */
    private Optional<String> readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = read(); b != END; b = read()) {
            if (b == LF && afterCr) {
                afterCr = false;
                if (dispatchedBytes == raw.size() - 1) {
                    dispatchedBytes++;
                }
                continue;
            }
            afterCr = b == CR;
            if (b == CR || b == LF) {
                return Optional.of(decoded(line));
            }
            line.write(b);
        }
        return Optional.empty();
    }

    private int read() throws IOException {
        int b = in.read();
        if (b != END) {
            raw.write(b);
        }
        return b;
    }

    private String decoded(ByteArrayOutputStream bytes) {
        String line = bytes.toString(StandardCharsets.UTF_8);
        boolean hasBom = atStart && line.startsWith("\uFEFF");
        atStart = false;
        return hasBom ? line.substring(1) : line;
    }

    private void interpret(String line) {
        int colon = line.indexOf(':');
        if (colon == 0) {
            comments.add(line.substring(1));
        } else if (colon > 0) {
            String value = line.substring(colon + 1);
            process(line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        } else {
            process(line, "");
        }
    }

    private void process(String field, String value) {
        switch (field) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    idBuffer = value;
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]+")) {
                    retry = OptionalLong.of(Long.parseLong(value));
                    reconnectionTime = retry;
                }
            }
            default -> {
                // any other field is ignored
            }
        }
    }

    private Optional<WireEvent> dispatch() {
        dispatchedBytes = raw.size();
        lastEventId = idBuffer;
        if (data.isEmpty()) {
            type = "";
            return Optional.empty();
        }
        data.setLength(data.length() - 1);
        WireEvent event = new WireEvent(lastEventId, type.isEmpty() ? "message" : type, data.toString(), retry);
        data.setLength(0);
        type = "";
        retry = OptionalLong.empty();
        return Optional.of(event);
    }
}
