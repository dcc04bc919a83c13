package dev.eventstream.torture;

import dev.eventstream.bench.ManyReaders;
import dev.eventstream.bench.ManyReaders.Hole;
import dev.eventstream.bench.ManyReaders.Totals;
import dev.eventstream.torture.Send.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Sends thousands of small events at once to 1,500 readers of one node. Each reader has a private channel besides the shared
 * one. It must receive all events, or a reset that the log justifies.
 *
 * <p>Thread-safe.
 */
final class BurstFault {
    private static final int READERS = 1_500;
    private static final int SENDS = 2;
    private static final int EVENTS = 1_000;
    private static final Duration OPEN = Duration.ofMinutes(1);
    private static final Duration SEND = Duration.ofSeconds(20);

    /** After this much silence another event is sent, because a channel shows that its log was wiped with its next event. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** After this much silence of a node that answers, no further events are expected. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final Writer writer;
    private final Sender sender;
    private final Truth truth;
    private final Findings findings;
    private final Phases phases;
    private final Trace trace;
    private final Semaphore turn = new Semaphore(1);

    BurstFault(Writer writer, Sender sender, Truth truth, Findings findings, Phases phases, Trace trace) {
        this.writer = writer;
        this.sender = sender;
        this.truth = truth;
        this.findings = findings;
        this.phases = phases;
        this.trace = trace;
    }

    /** Does nothing while another burst is under way: two at once would only be slow. */
    void run(Node node) throws IOException, InterruptedException {
        if (!turn.tryAcquire()) {
            trace.fault("no burst, because another one is under way");
            return;
        }
        try {
            burst(node);
        } finally {
            turn.release();
        }
    }

    private void burst(Node node) throws IOException, InterruptedException {
        try (ManyReaders readers = new ManyReaders(
                node.port(), Channels.BURST, READERS, i -> "/events?channel=" + Channels.BURST + "&channel=own-" + i)) {
            Thread thread = new Thread(readers, "burst-readers");
            thread.setDaemon(true);
            thread.start();
            if (!awaitOpen(readers)) {
                trace.fault("no burst, because not all of its readers connected: " + readers.totals());
                return;
            }
            List<Position> ends = send(node);
            if (!ends.isEmpty()) {
                awaitEnd(node, readers, ends.get(ends.size() - 1));
            }
            judge(readers);
        }
    }

    private boolean awaitOpen(ManyReaders readers) throws InterruptedException {
        long end = System.nanoTime() + OPEN.toNanos();
        while (readers.totals().open() < READERS) {
            if (System.nanoTime() - end > 0 || phases.awaitOver(100)) {
                return false;
            }
        }
        return true;
    }

    private List<Position> send(Node node) throws InterruptedException {
        List<Position> ends = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            List<String> ids = send(node, EVENTS);
            if (!ids.isEmpty()) {
                ends.add(Position.of(ids.get(ids.size() - 1)));
            }
        }
        return ends;
    }

    private List<String> send(Node node, int events) throws InterruptedException {
        Send send;
        synchronized (writer) {
            send = writer.many(Channels.BURST, events);
        }
        Answer answer = sender.ask(node.port(), send, Duration.ZERO, SEND);
        sender.note(node.name(), send, answer);
        return answer.ids();
    }

    private void awaitEnd(Node node, ManyReaders readers, Position end) throws InterruptedException {
        long start = System.nanoTime();
        long since = start;
        long before = -1;
        boolean anotherSent = false;
        List<Integer> behind = readers.behind(end.epoch(), end.sequence());
        while (!behind.isEmpty()) {
            Totals totals = readers.totals();
            long now = totals.received() + totals.named() + totals.resets();
            if (now != before || !node.answers()) {
                before = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > SILENCE.toNanos()) {
                findings.add(
                        Breach.LOST,
                        behind.size(),
                        behind.size() + " readers of a burst on node " + node.name() + " have not received channel="
                                + Channels.BURST + " id=" + end + " after " + SILENCE.toSeconds() + " s of silence: "
                                + totals);
                return;
            }
            if (!anotherSent && System.nanoTime() - since > PAUSE.toNanos()) {
                anotherSent = !send(node, 1).isEmpty();
            }
            if (phases.awaitOver(200)) {
                return;
            }
            behind = readers.behind(end.epoch(), end.sequence());
        }
        trace.fault("burst over after " + (System.nanoTime() - start) / 1_000_000 + " ms: " + readers.totals());
    }

    private void judge(ManyReaders readers) {
        for (Hole hole : readers.lost()) {
            findings.add(
                    Breach.LOST,
                    "reader=burst-" + hole.reader() + " received channel=" + Channels.BURST + " id=" + hole.epoch()
                            + '-' + hole.next() + " after sequence " + hole.after() + ", with no reset between them");
        }
        for (Hole reset : readers.resets()) {
            truth.reset("burst-" + reset.reader(), Channels.BURST, new Position(reset.epoch(), reset.after()));
        }
        if (readers.totals().repeated() > 0) {
            trace.fault("readers of a burst received events again: " + readers.totals());
        }
    }
}
