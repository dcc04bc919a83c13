package dev.eventstream.torture;

import dev.eventstream.torture.Schedule.Step;
import dev.eventstream.torture.Send.Answer;
import dev.eventstream.torture.Send.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Holds the lock of one channel, while others send to it and to a channel that is not locked. If nothing else delays sends,
 * those to the unlocked channel must succeed within {@link #LIMIT}, and those to the locked one must end with a certain outcome.
 *
 * <p>Thread-safe.
 */
final class LockFault {
    /** The longest time that a send to an unlocked channel may take. */
    static final Duration LIMIT = Duration.ofSeconds(4);

    private static final int FACTOR = 4;
    private static final int SENDERS = 3;
    private static final long PAUSE_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final Writer writer;
    private final Sender sender;
    private final Findings findings;
    private final Phases phases;
    private final Trace trace;

    LockFault(Cluster cluster, Writer writer, Sender sender, Findings findings, Phases phases, Trace trace) {
        this.cluster = cluster;
        this.writer = writer;
        this.sender = sender;
        this.findings = findings;
        this.phases = phases;
        this.trace = trace;
    }

    /**
     * Holds the lock for up to 20 s.
     *
     * @param isJudged whether nothing else delays sends
     */
    void run(Step step, Node node, boolean isJudged) throws Exception {
        String channel = Channels.OPEN.get(step.choice() % Channels.OPEN.size());
        if (isJudged && !awaitWarm(channel)) {
            trace.fault("nodes do not accept sends; no lock is held");
            return;
        }
        Duration held = Duration.ofMillis(step.millis() * FACTOR);
        boolean bySql = step.target() % 2 == 0;
        trace.fault("lock channel=" + channel + (bySql ? " by SQL" : " by the front door of " + node.name())
                + " millis=" + held.toMillis() + (isJudged ? " judged" : ""));
        CountDownLatch released = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Void>> sending = new ArrayList<>();
        try {
            for (Node each : cluster.nodes()) {
                sending.add(threads.submit(probe(each, released, isJudged)));
                for (int i = 0; i < SENDERS; i++) {
                    sending.add(threads.submit(sendToLocked(each, channel, released, isJudged)));
                }
            }
            if (bySql) {
                holdBySql(channel, held);
            } else {
                holdByFrontDoor(node, channel, held, step.choice() % 4 > 0);
            }
        } finally {
            released.countDown();
            threads.shutdown();
        }
        for (Future<Void> each : sending) {
            await(each);
        }
    }

    private static void await(Future<Void> sending) throws Exception {
        try {
            sending.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits until every node accepts a send to either channel quickly; that also creates the channel's row. */
    private boolean awaitWarm(String channel) throws InterruptedException {
        long end = System.nanoTime() + WARM_UP.toNanos();
        for (Node node : cluster.nodes()) {
            while (!isWarm(node, channel) || !isWarm(node, Channels.UNLOCKED)) {
                if (System.nanoTime() - end > 0 || phases.awaitCalm(PAUSE_MILLIS)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isWarm(Node node, String channel) throws InterruptedException {
        long start = System.nanoTime();
        return send(node, channel).outcome() == Outcome.COMMITTED && System.nanoTime() - start < LIMIT.toNanos() / 4;
    }

    private Answer send(Node node, String channel) throws InterruptedException {
        Send send;
        synchronized (writer) {
            send = writer.single(channel);
        }
        Answer answer = sender.ask(node.port(), send, Duration.ZERO, PATIENCE);
        sender.note(node.name(), send, answer);
        return answer;
    }

    private Callable<Void> probe(Node node, CountDownLatch released, boolean isJudged) {
        return () -> {
            while (!released.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                long start = System.nanoTime();
                Outcome outcome = send(node, Channels.UNLOCKED).outcome();
                long millis = (System.nanoTime() - start) / 1_000_000;
                boolean isFine = outcome == Outcome.COMMITTED && millis <= LIMIT.toMillis();
                if (isJudged && !isFine) {
                    findings.add(
                            Breach.LOST,
                            "a send to an unlocked channel took " + millis + " ms and ended as " + outcome + " on node "
                                    + node.name() + ", while another channel was locked");
                }
            }
            return null;
        };
    }

    private Callable<Void> sendToLocked(Node node, String channel, CountDownLatch released, boolean isJudged) {
        return () -> {
            while (!released.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                long start = System.nanoTime();
                Outcome outcome = send(node, channel).outcome();
                if (isJudged && outcome == Outcome.UNKNOWN) {
                    findings.add(
                            Breach.LOST,
                            "a send to a locked channel ended without a certain outcome after "
                                    + (System.nanoTime() - start) / 1_000_000 + " ms on node " + node.name()
                                    + ", channel="
                                    + channel);
                }
            }
            return null;
        };
    }

    private void holdBySql(String channel, Duration held) throws SQLException, InterruptedException {
        try (Connection connection = cluster.database().connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT id FROM eventstream_channel WHERE name = ? FOR UPDATE")) {
                lock.setString(1, channel);
                lock.executeQuery().close();
            }
            phases.awaitCalm(held.toMillis());
            connection.rollback();
        }
    }

    private void holdByFrontDoor(Node node, String channel, Duration held, boolean commits)
            throws InterruptedException {
        Send send;
        synchronized (writer) {
            send = writer.singleInTransaction(channel, commits);
        }
        sender.note(node.name(), send, sender.ask(node.port(), send, held, held.plus(PATIENCE)));
    }
}
