package dev.eventstream.torture;

import dev.eventstream.torture.Send.Answer;
import dev.eventstream.torture.Send.One;
import dev.eventstream.torture.Send.Outcome;
import dev.eventstream.torture.Send.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A writer of channels that live for seconds: each gets a few events and is then finished. It also finishes the channels whose
 * finish may have committed when a node died.
 *
 * <p>Runs on one thread.
 */
final class JobWriter implements Runnable {
    private static final int PADDING = 200;

    private final int number;
    private final Random random;
    private final Writer events;
    private final Sender sender;
    private final Jobs jobs;
    private final List<Integer> ports;
    private final Phases phases;
    private int count;

    /**
     * @param number of the writer
     * @param events makes its events
     */
    JobWriter(int number, long seed, Writer events, Sender sender, Jobs jobs, List<Integer> ports, Phases phases) {
        this.number = number;
        this.random = new Random(seed * 104_729 + number);
        this.events = events;
        this.sender = sender;
        this.jobs = jobs;
        this.ports = List.copyOf(ports);
        this.phases = phases;
    }

    @Override
    public void run() {
        try {
            while (!phases.awaitCalm(100 + random.nextInt(400))) {
                Optional<String> doubtful = jobs.doubtful();
                if (doubtful.isPresent()) {
                    finishAlone(doubtful.get());
                } else {
                    write(next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String next() {
        String channel = Jobs.name(number, ++count);
        jobs.begin(channel);
        return channel;
    }

    /** A channel that is written and finished in one transaction, during which the node dies. */
    static Send deadly(Writer events, String channel, boolean afterCommit) {
        return new Send(
                afterCommit ? Way.DIE_AFTER_COMMIT : Way.DIE_BEFORE_COMMIT,
                List.of(events.event(channel, false, PADDING), One.end(channel)),
                0);
    }

    private void write(String channel) throws InterruptedException {
        int sends = random.nextInt(6);
        for (int i = 0; i < sends && !phases.awaitCalm(50 + random.nextInt(500)); i++) {
            Way way = random.nextInt(4) == 0 ? Way.ROLLBACK : random.nextBoolean() ? Way.ALONE : Way.COMMIT;
            ask(channel, new Send(way, some(channel), 0));
        }
        switch (random.nextInt(6)) {
            case 0 -> ask(channel, new Send(Way.ROLLBACK, lastAndEnd(channel, false), 0));
            case 1 -> ask(channel, new Send(Way.SAVEPOINT, lastAndEnd(channel, false), random.nextInt(2)));
            case 2 -> mayFinish(channel, new Send(Way.COMMIT, List.of(One.end(channel)), 0));
            case 3 -> mayFinish(channel, new Send(Way.COMMIT, lastAndEnd(channel, false), 0));
            case 4 -> finishOnce(channel, Way.ALONE);
            default -> finishOnce(channel, Way.COMMIT);
        }
        phases.awaitCalm(random.nextInt(1_000));
        finishAlone(channel);
    }

    private List<One> some(String channel) {
        List<One> some = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            some.add(events.event(channel, false, PADDING));
        }
        return some;
    }

    private List<One> lastAndEnd(String channel, boolean keyed) {
        return List.of(events.event(channel, keyed, PADDING), One.end(channel));
    }

    private Answer mayFinish(String channel, Send send) throws InterruptedException {
        jobs.mayFinish(channel);
        return ask(channel, send);
    }

    /** Finishes it with a last event that has an idempotency key, and repeats that until the outcome is known, and once more. */
    private void finishOnce(String channel, Way way) throws InterruptedException {
        Send send = new Send(way, lastAndEnd(channel, true), 0);
        jobs.mayFinish(channel);
        Sender.Told told = sender.askUntilKnown(send, this::anyPort, phases);
        note(channel, told.port(), send, told.answer());
        if (told.answer().outcome() == Outcome.COMMITTED && random.nextBoolean()) {
            Answer again = sender.ask(told.port(), send);
            if (again.outcome() == Outcome.COMMITTED) {
                note(channel, told.port(), send, again);
            }
        }
    }

    /** Finishes it, perhaps again, which is no error; then sends to it, which must be refused. */
    private void finishAlone(String channel) throws InterruptedException {
        Send end = new Send(random.nextBoolean() ? Way.ALONE : Way.COMMIT, List.of(One.end(channel)), 0);
        while (mayFinish(channel, end).outcome() != Outcome.COMMITTED) {
            if (phases.awaitCalm(200)) {
                jobs.giveUp(channel);
                return;
            }
        }
        ask(channel, new Send(random.nextBoolean() ? Way.ALONE : Way.COMMIT, some(channel), 0));
    }

    private Answer ask(String channel, Send send) throws InterruptedException {
        int port = anyPort();
        Answer answer = sender.ask(port, send);
        note(channel, port, send, answer);
        return answer;
    }

    private void note(String channel, int port, Send send, Answer answer) {
        sender.note("port:" + port, send, answer);
        boolean finishes = send.way() != Way.SAVEPOINT && send.events().stream().anyMatch(One::ends);
        if (answer.outcome() == Outcome.COMMITTED && finishes) {
            jobs.finished(channel);
        } else if (answer.outcome() == Outcome.FINISHED) {
            jobs.refused(channel);
        }
    }

    private int anyPort() {
        return ports.get(random.nextInt(ports.size()));
    }
}
