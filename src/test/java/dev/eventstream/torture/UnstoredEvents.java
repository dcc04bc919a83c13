package dev.eventstream.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The unstored events that their writers know were sent. Over a bus that carries them, each must reach every stream that was open
 * before and stays open, on any node, or a reset of that stream must name the channel.
 *
 * <p>When a node is killed, the events that it has not handed to the bus are lost, so those are not judged.
 *
 * <p>Thread-safe.
 */
final class UnstoredEvents {
    /**
     * Events are late while connections stall and nodes reconnect. One that comes later than this counts as lost, because no fault
     * lasts as long.
     */
    static final Duration LATEST = Duration.ofSeconds(45);

    private final boolean isJudged;
    private final Map<String, Node> nodes;

    // guarded by this
    private final List<Sent> all = new ArrayList<>();
    private long judged;

    private record Sent(Token token, Node node, long answeredAt) {}

    /**
     * @param isJudged whether the bus carries them
     * @param nodes by the names that senders note
     */
    UnstoredEvents(boolean isJudged, Map<String, Node> nodes) {
        this.isJudged = isJudged;
        this.nodes = Map.copyOf(nodes);
    }

    /**
     * Notes one that was sent.
     *
     * @param where the node, or a port that leads to it
     */
    synchronized void sent(Token token, String where, long nowMillis) {
        if (isJudged) {
            all.add(new Sent(token, Objects.requireNonNull(nodes.get(where), where), nowMillis));
        }
    }

    /**
     * Those that a stream must have received, unless a reset covers them.
     *
     * @param fromMillis when the stream was open, or was last reset
     * @param throughMillis up to when the stream has certainly received what its node wrote
     */
    synchronized List<Token> due(String user, String channel, long fromMillis, long throughMillis) {
        List<Token> due = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            Sent sent = all.get(i);
            if (sent.answeredAt() < fromMillis) {
                break;
            }
            Token token = sent.token();
            boolean isForReader = token.channel().equals(channel)
                    && (user.isEmpty() || !token.skip().equals(user));
            if (isForReader
                    && token.at() > fromMillis
                    && sent.answeredAt() <= throughMillis - LATEST.toMillis()
                    && !sent.node().diedWithin(token.at(), sent.answeredAt() + LATEST.toMillis())) {
                due.add(token);
            }
        }
        judged += due.size();
        return due;
    }

    /** How often a stream was due to have received an event. */
    synchronized long judged() {
        return judged;
    }
}
