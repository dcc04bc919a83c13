package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the present stream of a reader has received of the channel that is not stored. At the end of the stream it reports each event
 * that should have arrived and did not.
 *
 * <p>A stream is in order: once it has received an event, it has also received everything that its node wrote before. So the time
 * of the newest event is the time through which the stream is complete.
 *
 * <p>Confined to the reader's thread.
 */
final class UnstoredWatch {
    private final String reader;
    private final String user;
    private final UnstoredEvents events;
    private final Findings findings;

    private final Set<Token> received = new HashSet<>();
    private boolean isOpen;
    private long fromMillis;
    private long throughMillis;

    UnstoredWatch(String reader, String user, UnstoredEvents events, Findings findings) {
        this.reader = reader;
        this.user = user;
        this.events = events;
        this.findings = findings;
    }

    /** Processes a block of the stream. */
    void take(Block block) {
        switch (block.type()) {
            case "stream-open" -> {
                isOpen = true;
                fromMillis = System.currentTimeMillis();
                throughMillis = 0;
                received.clear();
            }
            case "stream-reset" -> {
                if (ReaderMemory.resetChannels(block.data()).contains(Channels.UNSTORED)) {
                    fromMillis = System.currentTimeMillis();
                }
            }
            case "keep-alive", "" -> {}
            default -> event(Token.parse(block.data()));
        }
    }

    private void event(Token token) {
        throughMillis = Math.max(throughMillis, token.at());
        if (token.channel().equals(Channels.UNSTORED)) {
            received.add(token);
        }
    }

    /** Does not judge the stream that has ended. */
    void ignore() {
        isOpen = false;
    }

    /**
     * Judges the stream that has ended.
     *
     * @param isComplete whether it has certainly received everything that was sent
     */
    void end(boolean isComplete) {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        List<Token> missing =
                events.due(user, Channels.UNSTORED, fromMillis, isComplete ? Long.MAX_VALUE : throughMillis).stream()
                        .filter(token -> !received.contains(token))
                        .toList();
        if (!missing.isEmpty()) {
            findings.add(
                    Breach.LOST,
                    missing.size(),
                    "reader=" + reader + " did not receive " + missing.size() + " events of channel="
                            + Channels.UNSTORED + " and no reset covers them, the last is token=" + missing.get(0));
        }
    }
}
