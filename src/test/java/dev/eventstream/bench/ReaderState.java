package dev.eventstream.bench;

import dev.eventstream.bench.ManyReaders.Hole;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One of {@link ManyReaders}: reads lines, keeps the position in the shared channel, and records missing events. It allocates
 * nothing per event.
 *
 * <p>Guarded by the monitor of its {@link ManyReaders}.
 */
final class ReaderState {
    private static final int LONGEST_LINE = 512;
    private static final byte[] ID = bytes("id: ");
    private static final byte[] DATA = bytes("data:");
    private static final byte[] TYPE = bytes("event: ");
    private static final byte[] STATUS = bytes("HTTP/1.1 ");
    private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked");
    private static final byte[] RETRY = bytes("retry: ");

    private enum Block {
        MESSAGE("message"),
        OPEN("stream-open"),
        RESET("stream-reset"),
        ERROR("stream-error");

        private final String type;

        Block(String type) {
            this.type = type;
        }
    }

    private final int number;
    private final byte[] entry;
    private final byte[] line = new byte[LONGEST_LINE];
    private int lineLength;
    private @Nullable SelectionKey key;
    private boolean reading = true;
    private boolean inHead;
    private boolean open;
    private boolean chunked;
    private int chunkLeft;
    private int chunkSize;
    private OptionalLong retryMillis = OptionalLong.empty();
    /** When the connection began, or its last bytes arrived. */
    private long heardNanos;

    // the block under way
    private Block block = Block.MESSAGE;
    private boolean hasData;
    private long blockSequence = -1;
    private final byte[] blockEpoch = new byte[32];
    private int blockEpochLength;

    // the position; none before the first stream-open
    private byte[] epoch = new byte[0];
    private long last = -1;
    private long received;
    private long repeated;
    private int resets;
    /** Whether it was at no position in any log when it received its first event. */
    private boolean beganWithALog;

    private String lastError = "";

    /** When its last stream ended; empty before. */
    private OptionalLong leftNanos = OptionalLong.empty();

    ReaderState(int number, String channel) {
        this.number = number;
        this.entry = bytes(channel + '=');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int number() {
        return number;
    }

    boolean isOpen() {
        return open;
    }

    long received() {
        return received;
    }

    long repeated() {
        return repeated;
    }

    String lastError() {
        return lastError;
    }

    boolean isAt(String otherEpoch, long sequence) {
        return epochText().equals(otherEpoch) ? last >= sequence : resets > 0 || beganWithALog;
    }

    private String epochText() {
        return new String(epoch, StandardCharsets.US_ASCII);
    }

    /** The last {@code retry} that it has received. */
    OptionalLong retryMillis() {
        return retryMillis;
    }

    /** How long ago its last stream ended; empty if none has. */
    OptionalLong awayNanos() {
        return leftNanos.isEmpty() ? OptionalLong.empty() : OptionalLong.of(System.nanoTime() - leftNanos.getAsLong());
    }

    long silentNanos() {
        return System.nanoTime() - heardNanos;
    }

    String lastEventIdHeader() {
        return last < 0
                ? ""
                : "Last-Event-ID: " + new String(entry, StandardCharsets.US_ASCII) + epochText() + '-' + last + "\r\n";
    }

    void setReading(boolean nowReading) {
        reading = nowReading;
        applyReading();
    }

    private void applyReading() {
        if (key != null && key.isValid()) {
            key.interestOps(reading ? SelectionKey.OP_READ : 0);
        }
    }

    void connected(SelectionKey newKey) {
        key = newKey;
        heardNanos = System.nanoTime();
        inHead = true;
        chunked = false;
        chunkLeft = 0;
        chunkSize = 0;
        lineLength = 0;
        beginBlock();
        applyReading();
    }

    void ended(Exception reason) {
        if (open) {
            leftNanos = OptionalLong.of(System.nanoTime());
        }
        open = false;
        key = null;
        if (!"the stream ended".equals(reason.getMessage())) {
            lastError = reason.toString();
        }
    }

    /** Processes received bytes. */
    void take(byte[] bytes, int length, List<Hole> allResets, List<Hole> lost) throws IOException {
        heardNanos = System.nanoTime();
        for (int i = 0; i < length; i++) {
            if (inHead || !chunked || isInChunk(bytes[i])) {
                take(bytes[i], allResets, lost);
            }
        }
    }

    // a chunk has its size in hexadecimal digits and CRLF before it, and CRLF after it (RFC 9112, 7.1)
    private boolean isInChunk(byte b) {
        if (chunkLeft > 0) {
            chunkLeft--;
            return true;
        }
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            chunkSize = chunkSize * 16 + digit;
        } else if (b == '\n') {
            chunkLeft = chunkSize;
            chunkSize = 0;
        }
        return false;
    }

    private void take(byte b, List<Hole> allResets, List<Hole> lost) throws IOException {
        if (b != '\n') {
            if (lineLength < LONGEST_LINE) {
                line[lineLength] = b;
            }
            lineLength++;
        } else {
            endLine(allResets, lost);
            lineLength = 0;
        }
    }

    private void endLine(List<Hole> allResets, List<Hole> lost) throws IOException {
        if (inHead) {
            takeHead();
        } else if (lineLength == 0) {
            dispatch(allResets, lost);
            beginBlock();
        } else if (startsWith(ID, 0)) {
            takeId();
        } else if (startsWith(DATA, 0)) {
            hasData = true;
            if (block == Block.ERROR) {
                lastError = new String(line, 0, Math.min(lineLength, LONGEST_LINE), StandardCharsets.UTF_8);
            }
        } else if (startsWith(TYPE, 0)) {
            takeType();
        } else if (startsWith(RETRY, 0)) {
            retryMillis = OptionalLong.of(Long.parseLong(
                    new String(line, RETRY.length, lineLength - RETRY.length, StandardCharsets.US_ASCII)));
        }
    }

    private void takeHead() throws IOException {
        if (lineLength == 1) {
            inHead = false;
        } else if (startsWith(STATUS, 0) && !startsWith(bytes("200"), STATUS.length)) {
            throw new IOException(new String(line, 0, lineLength - 1, StandardCharsets.US_ASCII));
        } else if (startsWith(CHUNKED, 0)) {
            chunked = true;
        }
    }

    private void takeType() {
        for (Block candidate : Block.values()) {
            if (lineLength == TYPE.length + candidate.type.length() && endsWith(candidate.type)) {
                block = candidate;
            }
        }
    }

    private void takeId() {
        int end = Math.min(lineLength, LONGEST_LINE);
        for (int i = ID.length; i < end; i++) {
            boolean isStart = i == ID.length || line[i - 1] == ',';
            if (isStart && startsWith(entry, i)) {
                takePosition(i + entry.length, end);
                return;
            }
        }
    }

    private void takePosition(int from, int end) {
        int i = from;
        blockEpochLength = 0;
        while (i < end && line[i] != '-') {
            blockEpoch[blockEpochLength++] = line[i++];
        }
        blockSequence = 0;
        for (i++; i < end && line[i] >= '0' && line[i] <= '9'; i++) {
            blockSequence = blockSequence * 10 + (line[i] - '0');
        }
    }

    private void beginBlock() {
        block = Block.MESSAGE;
        hasData = false;
        blockSequence = -1;
    }

    private void dispatch(List<Hole> allResets, List<Hole> lost) {
        if (block == Block.OPEN) {
            open = true;
            if (last < 0) {
                moveTo();
            }
        } else if (block == Block.RESET && blockSequence >= 0) {
            resets++;
            allResets.add(new Hole(number, epochText(), last, isSameEpoch() ? blockSequence + 1 : last + 1));
            moveTo();
        } else if (block == Block.MESSAGE && hasData && blockSequence >= 0) {
            message(lost);
        }
    }

    private void message(List<Hole> lost) {
        boolean isFirstEpoch = last <= 0;
        beganWithALog |= isFirstEpoch && !isSameEpoch();
        if ((isSameEpoch() || isFirstEpoch) && blockSequence <= last) {
            repeated++;
            return;
        }
        received++;
        if (!(isSameEpoch() || isFirstEpoch) || blockSequence > last + 1) {
            lost.add(new Hole(number, epochText(), last, blockSequence));
        }
        moveTo();
    }

    private boolean isSameEpoch() {
        return Arrays.equals(epoch, 0, epoch.length, blockEpoch, 0, blockEpochLength);
    }

    private void moveTo() {
        if (blockSequence < 0) {
            return;
        }
        if (!isSameEpoch()) {
            epoch = Arrays.copyOf(blockEpoch, blockEpochLength);
        }
        last = blockSequence;
    }

    private boolean endsWith(String text) {
        int at = lineLength - text.length();
        for (int i = 0; i < text.length(); i++) {
            if (line[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean startsWith(byte[] text, int at) {
        int end = at + text.length;
        return end <= Math.min(lineLength, LONGEST_LINE) && Arrays.equals(line, at, end, text, 0, text.length);
    }
}
