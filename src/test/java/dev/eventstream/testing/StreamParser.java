package dev.eventstream.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Parses {@code text/event-stream} (HTML standard, 9.2.6). Confined to the thread that reads. */
final class StreamParser {
    private final BufferedReader lines;

    // of the stream
    private String lastEventId;

    // of the current block
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private boolean hasId;

    /**
     * A block with data.
     *
     * @param hasId whether the block itself names the position
     */
    record Block(ReceivedEvent event, boolean hasId) {}

    /**
     * @param lastEventId the position with which the stream was requested
     */
    StreamParser(InputStream body, String lastEventId) {
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        this.lastEventId = lastEventId;
    }

    /** Waits for the next block with data; empty if the stream ends before it is complete. */
    Optional<Block> next() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isEmpty()) {
                interpret(line);
            } else if (!data.isEmpty()) {
                data.setLength(data.length() - 1);
                Block complete = new Block(
                        new ReceivedEvent(type.isEmpty() ? "message" : type, data.toString(), lastEventId), hasId);
                beginBlock();
                return Optional.of(complete);
            } else {
                beginBlock();
            }
        }
        return Optional.empty();
    }

    private void beginBlock() {
        data.setLength(0);
        type = "";
        hasId = false;
    }

    private void interpret(String line) {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                lastEventId = value;
                hasId = true;
            }
            default -> {
                // retry, a comment, or an unknown field
            }
        }
    }
}
