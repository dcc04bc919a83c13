package dev.eventstream.torture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads {@code text/event-stream} block by block (HTML standard, 9.2.6). It keeps no block that it has returned, so a stream may
 * last for hours. Unlike a browser, it also returns blocks that only move the position.
 *
 * <p>Confined to one thread.
 */
final class StreamParser {
    private static final int MAX_LINE = 16 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterCr;
    private String lastEventId = "";

    // the block under way
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private boolean hasId;

    /**
     * @param in buffered
     */
    StreamParser(InputStream in) {
        this.in = in;
    }

    /**
     * One block.
     *
     * @param hasId whether the block has an id; if not, {@code id} is that of an earlier block
     * @param data empty if there is none
     */
    record Block(boolean hasId, String id, String type, String data) {
        boolean isEmpty() {
            return data.isEmpty() && type.isEmpty();
        }
    }

    /** The next block with an id or data; empty if the stream ends before the block is complete. */
    Optional<Block> next() throws IOException {
        for (Optional<String> next = readLine(); next.isPresent(); next = readLine()) {
            if (!next.get().isEmpty()) {
                interpret(next.get());
            } else if (hasId || !data.isEmpty()) {
                return Optional.of(block());
            }
        }
        return Optional.empty();
    }

    private Block block() {
        boolean isEvent = !data.isEmpty();
        if (isEvent) {
            data.setLength(data.length() - 1);
        }
        Block block = new Block(hasId, lastEventId, isEvent && type.isEmpty() ? "message" : type, data.toString());
        data.setLength(0);
        type = "";
        hasId = false;
        return block;
    }

    private void interpret(String text) {
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        String trimmed = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "event" -> type = trimmed;
            case "data" -> data.append(trimmed).append('\n');
            case "id" -> {
                if (trimmed.indexOf('\0') < 0) {
                    lastEventId = trimmed;
                    hasId = true;
                }
            }
            default -> {
                // a comment, retry, or a field that is not in the standard
            }
        }
    }

    private Optional<String> readLine() throws IOException {
        line.reset();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n' && afterCr) {
                afterCr = false;
                continue;
            }
            afterCr = b == '\r';
            if (b == '\r' || b == '\n') {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
            line.write(b);
            if (line.size() > MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " bytes");
            }
        }
        return Optional.empty();
    }
}
