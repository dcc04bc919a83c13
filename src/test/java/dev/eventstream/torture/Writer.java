package dev.eventstream.torture;

import dev.eventstream.torture.Send.Answer;
import dev.eventstream.torture.Send.One;
import dev.eventstream.torture.Send.Outcome;
import dev.eventstream.torture.Send.Way;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * One writer. It sends transactions of various kinds, one at a time, to random nodes. It repeats events with idempotency keys
 * until it knows that they are stored, and sometimes once more.
 *
 * <p>Runs on one thread.
 */
final class Writer implements Runnable {
    private static final int BURST_EVENTS = 100;
    private static final int BURST_PADDING = 6_000;
    private static final int SMALL_PADDING = 50;
    private static final int BURST_SMALL_PADDING = 150;

    private final int number;
    private final Random random;
    private final Sender sender;
    private final List<Integer> ports;
    private final Phases phases;
    private final int burstEvery;
    private int serial;

    /**
     * @param ports of nodes, direct and through proxies
     * @param burstEvery one in this many transactions is large
     */
    Writer(int number, long seed, Sender sender, List<Integer> ports, Phases phases, int burstEvery) {
        this.number = number;
        this.random = new Random(seed * 7_919 + number);
        this.sender = sender;
        this.ports = List.copyOf(ports);
        this.phases = phases;
        this.burstEvery = burstEvery;
    }

    int number() {
        return number;
    }

    @Override
    public void run() {
        try {
            while (!phases.awaitCalm(40 + random.nextInt(120))) {
                Send send = next();
                if (send.events().get(0).key().isEmpty()) {
                    int port = anyPort();
                    sender.note("port:" + port, send, sender.ask(port, send));
                } else {
                    sendUntilKnown(send);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int anyPort() {
        return ports.get(random.nextInt(ports.size()));
    }

    private void sendUntilKnown(Send send) throws InterruptedException {
        boolean onceMore = random.nextInt(4) == 0;
        Sender.Told told = sender.askUntilKnown(send, this::anyPort, phases);
        sender.note("port:" + told.port(), send, told.answer());
        if (onceMore && told.answer().outcome() == Outcome.COMMITTED) {
            Answer again = sender.ask(told.port(), send);
            if (again.outcome() == Outcome.COMMITTED) {
                sender.note("port:" + told.port(), send, again);
            }
        }
    }

    private Send next() {
        if (random.nextInt(burstEvery) == 0) {
            return burst();
        }
        int dice = random.nextInt(100);
        if (dice < 40) {
            return new Send(Way.ALONE, events(random.nextInt(3) == 0, true), 0);
        } else if (dice < 72) {
            return new Send(Way.COMMIT, events(false, true), 0);
        } else if (dice < 86) {
            return new Send(Way.ROLLBACK, events(false, true), 0);
        }
        // only stored events: the product reads those back, and documents that it cannot do so for others
        List<One> events = events(false, false);
        return new Send(Way.SAVEPOINT, events, random.nextInt(events.size()));
    }

    /** A transaction during which the node dies. */
    Send deadly(boolean afterCommit) {
        return new Send(afterCommit ? Way.DIE_AFTER_COMMIT : Way.DIE_BEFORE_COMMIT, events(false, true), 0);
    }

    /** One small event, in the product's transaction. */
    Send single(String channel) {
        return new Send(Way.ALONE, List.of(event(channel, false, SMALL_PADDING)), 0);
    }

    /** One small event, in an application's transaction. */
    Send singleInTransaction(String channel, boolean commits) {
        return new Send(commits ? Way.COMMIT : Way.ROLLBACK, List.of(event(channel, false, SMALL_PADDING)), 0);
    }

    /** Many small events, all in one transaction. */
    Send many(String channel, int count) {
        List<One> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(channel, false, BURST_SMALL_PADDING));
        }
        return new Send(Way.COMMIT, events, 0);
    }

    private Send burst() {
        List<One> events = new ArrayList<>();
        String channel = Channels.OPEN.get(random.nextInt(Channels.OPEN.size()));
        for (int i = 0; i < BURST_EVENTS; i++) {
            events.add(event(channel, false, BURST_PADDING));
        }
        return new Send(Way.COMMIT, events, 0);
    }

    private List<One> events(boolean keyed, boolean unstoredToo) {
        List<One> events = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String channel = Channels.ALL.get(random.nextInt(Channels.ALL.size()));
            boolean isFine = ReaderMemory.isStored(channel) || (unstoredToo && !keyed);
            events.add(event(isFine ? channel : Channels.OPEN.get(0), keyed, random.nextInt(300)));
        }
        // in this order, transactions cannot deadlock with each other
        events.sort(Comparator.comparing(One::channel));
        return events;
    }

    /** One event. */
    One event(String channel, boolean keyed, int padding) {
        serial++;
        String skip = random.nextInt(12) == 0 ? Channels.USERS.get(random.nextInt(Channels.USERS.size())) : "";
        Token token = new Token(number, serial, channel, System.currentTimeMillis(), skip);
        return new One(channel, token.data(padding), skip, keyed ? "key-" + token : "");
    }
}
