package dev.eventstream.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.SentInTurn;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One post of any number of lines. It reads lines, sends what has arrived, and answers each line once its event has
 * committed, in the order of the lines.
 *
 * <p>It reads nothing while it sends, while its token sends too fast, and while the client does not read the answers. So it
 * holds at most a batch, one read, and an incomplete line.
 *
 * <p>A line that is not allowed gets an error, and the next line is read. If the service fails or the server stops, the next
 * answer is an error with {@code "ended":true}, and no further line is sent, because it must not overtake this one.
 *
 * <p>Confined to one thread.
 */
final class PostedLines implements Lines.Sink {
    /** The most events in one transaction. */
    static final int BATCH_EVENTS = 500;

    /** The number of characters of data that fills a batch. */
    static final long BATCH_CHARACTERS = 4 << 20;

    /** The most bytes in one read. */
    static final int READ_BYTES = 64 << 10;

    private static final String STOPPING =
            "{\"error\":\"the server is stopping; try again from here\",\"ended\":true}\n";

    private final InputStream body;
    private final Sender sender;
    private final Lines lines;
    private final byte[] bytes = new byte[READ_BYTES];

    // the lines that have no answer yet: a refusal, or empty for the next event
    private final List<Optional<String>> unanswered = new ArrayList<>();
    private final List<NewEvent> events = new ArrayList<>();
    private long characters;

    private boolean isAtEnd;
    private boolean hasFailed;

    /** Sends the lines on behalf of one token. */
    interface Sender {
        /** Why the event may not be sent; empty if it may. */
        Optional<String> refusal(NewEvent event);

        /** Sends the events in turn. */
        SentInTurn send(List<NewEvent> batch);

        /** Counts a line that cannot be read or is too long. */
        void countInvalid();

        /** Counts bytes that were read, including those of refused lines. */
        void countBytes(int count);

        /**
         * Waits until the token may send again.
         *
         * @return false if the server is stopping
         */
        boolean awaitAllowance() throws InterruptedException;
    }

    /** Where the answers go. */
    @FunctionalInterface
    interface Answers {
        /** Blocks while the client does not read. */
        void write(byte[] answers) throws IOException;
    }

    /**
     * @param maxLineBytes the longest line
     */
    PostedLines(InputStream body, Sender sender, int maxLineBytes) {
        this.body = body;
        this.sender = sender;
        this.lines = new Lines(maxLineBytes);
    }

    /**
     * Reads the body until it ends, the service fails or the server stops.
     *
     * @throws IOException if the client cannot be read from or written to; what was sent stays sent
     */
    void run(Answers answers) throws IOException, InterruptedException {
        while (!isAtEnd && !hasFailed && sender.awaitAllowance()) {
            gather();
            if (!unanswered.isEmpty()) {
                answers.write(answer());
            }
        }
        if (!isAtEnd && !hasFailed) {
            answers.write(STOPPING.getBytes(StandardCharsets.UTF_8));
        }
    }

    // ---- reading

    /** Waits for the client, then reads what has arrived, up to a batch. */
    private void gather() throws IOException {
        do {
            int count = body.read(bytes);
            if (count < 0) {
                isAtEnd = true;
                lines.end(this);
            } else {
                sender.countBytes(count);
                lines.add(bytes, count, this);
            }
            // a stream that decompresses reports 1 until its end, even if the next read would block
        } while (!isAtEnd && !isBatchFull() && body.available() > 1);
    }

    private boolean isBatchFull() {
        return unanswered.size() >= BATCH_EVENTS || characters >= BATCH_CHARACTERS;
    }

    @Override
    public void line(byte[] line, int from, int length) {
        if (isBlank(line, from, length)) {
            return;
        }
        try {
            NewEvent event = PostedJson.event(PostedJson.parse(line, from, length), "");
            Optional<String> refusal = sender.refusal(event);
            unanswered.add(refusal);
            if (refusal.isEmpty()) {
                events.add(event);
                characters += event.data().length();
            }
        } catch (JsonProcessingException e) {
            refuse("the line is not valid JSON");
        } catch (IOException | IllegalArgumentException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private void refuse(String reason) {
        unanswered.add(Optional.of(reason));
        sender.countInvalid();
    }

    private static boolean isBlank(byte[] line, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void lineTooLong(int maxBytes) {
        refuse("the line has more than " + maxBytes + " bytes (eventStream.publish.maxBodyBytes)");
    }

    // ---- sending and answering

    private byte[] answer() {
        StringBuilder text = new StringBuilder(32 * unanswered.size());
        Iterator<Optional<String>> next = unanswered.iterator();
        for (int from = 0; from < events.size() && !hasFailed; from += BATCH_EVENTS) {
            List<NewEvent> batch = events.subList(from, Math.min(from + BATCH_EVENTS, events.size()));
            answer(sender.send(batch), next, text);
        }
        while (!hasFailed && next.hasNext()) {
            next.next().ifPresent(refusal -> append(text, error(refusal)));
        }
        unanswered.clear();
        events.clear();
        characters = 0;
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers the lines of a batch and those between them that were refused. */
    private void answer(SentInTurn outcome, Iterator<Optional<String>> next, StringBuilder text) {
        for (Optional<Event> event : outcome.sent()) {
            appendRefusals(next, text);
            append(text, event.map(PostedJson::id).orElseGet(() -> error("the channel is finished")));
        }
        outcome.failure().ifPresent(failure -> {
            hasFailed = true;
            for (int i = 0; i < outcome.failed(); i++) {
                appendRefusals(next, text);
                append(text, error(reason(failure)).put("ended", true));
            }
        });
    }

    /** Answers the refused lines up to the next event, and takes that event's line. */
    private static void appendRefusals(Iterator<Optional<String>> next, StringBuilder text) {
        for (Optional<String> refusal = next.next(); refusal.isPresent(); refusal = next.next()) {
            append(text, error(refusal.get()));
        }
    }

    private static String reason(EventStoreException failure) {
        return failure.outcome() == Outcome.NOT_STORED
                ? "the event was not sent; try again from here"
                : "it is unknown whether the event was sent; try again from here, with the same idempotency keys";
    }

    private static ObjectNode error(String reason) {
        return PostedJson.object("error", reason);
    }

    private static void append(StringBuilder text, ObjectNode answer) {
        text.append(answer).append('\n');
    }
}
