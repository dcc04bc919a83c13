package dev.eventstream.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the answers on one connection, in whatever pieces they arrive. Confined to one thread. */
final class HttpAnswer {
    /** Gets each piece of a body, without the framing of chunks. */
    @FunctionalInterface
    interface Body {
        Body IGNORED = (buffer, from, to) -> {};

        void accept(ByteBuffer buffer, int from, int to);
    }

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE
    }

    private static final int LONGEST_LINE = 8_192;

    private final byte[] line = new byte[LONGEST_LINE];
    private int lineLength;
    private State state = State.HEAD;
    private int status;
    private long remaining;
    private boolean isChunked;
    private boolean isLast;
    private boolean isFirstLine = true;

    /** The status of the present answer; 0 until its head is complete, unless an earlier answer had one. */
    int status() {
        return status;
    }

    /** Whether the server closes the connection after the present answer. */
    boolean isLast() {
        return isLast;
    }

    boolean hasHead() {
        return state != State.HEAD;
    }

    /**
     * Reads on.
     *
     * @return whether an answer ended; the buffer's position is then just after it, and otherwise at the limit
     */
    boolean read(ByteBuffer in, Body body) throws IOException {
        while (in.hasRemaining()) {
            boolean ended = switch (state) {
                case HEAD, CHUNK_SIZE, CHUNK_END, TRAILER -> endsWithLine(in);
                case BODY, CHUNK, UNTIL_CLOSE -> endsWithBytes(in, body);
            };
            if (ended) {
                state = State.HEAD;
                isFirstLine = true;
                return true;
            }
        }
        return false;
    }

    private boolean endsWithBytes(ByteBuffer in, Body body) {
        int length = (int) Math.min(in.remaining(), remaining);
        int from = in.position();
        body.accept(in, from, from + length);
        in.position(from + length);
        if (state == State.UNTIL_CLOSE) {
            return false;
        }
        remaining -= length;
        if (remaining == 0 && state == State.CHUNK) {
            state = State.CHUNK_END;
        }
        return remaining == 0 && state == State.BODY;
    }

    private boolean endsWithLine(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                int length = lineLength;
                lineLength = 0;
                return line(length);
            }
            if (b != '\r') {
                if (lineLength == LONGEST_LINE) {
                    throw new IOException("a line of the answer is too long");
                }
                line[lineLength++] = b;
            }
        }
        return false;
    }

    private boolean line(int length) throws IOException {
        switch (state) {
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case CHUNK_SIZE -> {
                remaining = chunkSize(length);
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
            }
            case TRAILER -> {
                return length == 0;
            }
            default -> {
                return headLine(length);
            }
        }
        return false;
    }

    private long chunkSize(int length) throws IOException {
        long size = 0;
        for (int i = 0; i < length && line[i] != ';'; i++) {
            int digit = Mark.digit(line[i]);
            if (digit < 0) {
                throw new IOException("no size of a chunk: " + new String(line, 0, length, StandardCharsets.US_ASCII));
            }
            size = size * 16 + digit;
        }
        return size;
    }

    private boolean headLine(int length) throws IOException {
        if (isFirstLine) {
            String text = new String(line, 0, length, StandardCharsets.US_ASCII);
            if (!text.startsWith("HTTP/1.") || length < 12) {
                throw new IOException("no answer of HTTP: " + text);
            }
            status = Integer.parseInt(text.substring(9, 12));
            isFirstLine = false;
            isChunked = false;
            isLast = false;
            remaining = status == 204 ? 0 : Long.MAX_VALUE;
            return false;
        }
        if (length == 0) {
            return headEnds();
        }
        // most headers of most answers are ignored without making a text of them
        byte first = line[0];
        if (first == 'c' || first == 'C' || first == 't' || first == 'T') {
            header(new String(line, 0, length, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
        }
        return false;
    }

    private boolean headEnds() {
        if (isChunked) {
            state = State.CHUNK_SIZE;
        } else if (remaining == Long.MAX_VALUE) {
            state = State.UNTIL_CLOSE;
        } else {
            state = State.BODY;
        }
        return state == State.BODY && remaining == 0;
    }

    private void header(String text) {
        if (text.startsWith("content-length:")) {
            remaining = Long.parseLong(text.substring(15).strip());
        } else if (text.startsWith("transfer-encoding:") && text.endsWith("chunked")) {
            isChunked = true;
        } else if (text.startsWith("connection:") && text.endsWith("close")) {
            isLast = true;
        }
    }
}
