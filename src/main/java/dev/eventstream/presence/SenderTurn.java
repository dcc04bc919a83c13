package dev.eventstream.presence;

import com.google.common.base.Ticker;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Makes sure that one node sends the joins and leaves on which all nodes decide. The other nodes keep them for a while. If the sender
 * dies, the next one sends those that were decided after the sender's last message. So none is lost, but those that the sender had
 * already sent come twice.
 *
 * <p>Confined to one thread.
 */
final class SenderTurn {
    /** Events that are kept for as long as the death of the sender may go unnoticed; beyond that, the oldest are forgotten. */
    static final int MAX_KEPT = 1_000;

    private static final Duration KEPT = OtherNodes.LEASE.plusSeconds(5);

    private final Ticker ticker;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private boolean isOurs;
    private long senderHeardAtNanos;

    private record Kept(NewEvent event, long decidedAtNanos) {}

    SenderTurn(Ticker ticker) {
        this.ticker = ticker;
        this.senderHeardAtNanos = ticker.read();
    }

    /**
     * Another node sends.
     *
     * @param decided the events on which this node has decided, too
     * @param heardAtNanos when the last message of that node came
     */
    void othersTurn(List<NewEvent> decided, long heardAtNanos) {
        isOurs = false;
        senderHeardAtNanos = heardAtNanos;
        keep(decided);
    }

    /** No node has run for long enough to send. */
    void noTurn(List<NewEvent> decided) {
        isOurs = false;
        keep(decided);
    }

    private void keep(List<NewEvent> decided) {
        long now = ticker.read();
        decided.forEach(event -> kept.add(new Kept(event, now)));
        while (!kept.isEmpty()
                && (kept.size() > MAX_KEPT || now - kept.element().decidedAtNanos() > KEPT.toNanos())) {
            kept.remove();
        }
    }

    /** This node sends: returns the events to send now. */
    List<NewEvent> ourTurn(List<NewEvent> decided) {
        List<NewEvent> events = new ArrayList<>();
        if (!isOurs) {
            kept.stream()
                    .filter(one -> one.decidedAtNanos() - senderHeardAtNanos > 0)
                    .forEach(one -> events.add(one.event()));
            kept.clear();
            isOurs = true;
        }
        events.addAll(decided);
        return events;
    }
}
