package dev.eventstream.torture;

import dev.eventstream.torture.Send.One;
import dev.eventstream.torture.Send.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A writer that updates the latest channels frequently, with up to four events at once.
 *
 * <p>Runs on one thread.
 */
final class LatestWriter implements Runnable {
    private static final int PADDING = 400;

    private final Random random;
    private final Writer events;
    private final Sender sender;
    private final List<Integer> ports;
    private final Phases phases;

    /**
     * @param events makes its events
     */
    LatestWriter(long seed, Writer events, Sender sender, List<Integer> ports, Phases phases) {
        this.random = new Random(seed * 32_452_843);
        this.events = events;
        this.sender = sender;
        this.ports = List.copyOf(ports);
        this.phases = phases;
    }

    @Override
    public void run() {
        try {
            while (!phases.awaitCalm(20 + random.nextInt(80))) {
                Send send = new Send(way(), some(), 0);
                int port = ports.get(random.nextInt(ports.size()));
                sender.note("port:" + port, send, sender.ask(port, send));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Way way() {
        int dice = random.nextInt(10);
        return dice < 5 ? Way.ALONE : dice < 9 ? Way.COMMIT : Way.ROLLBACK;
    }

    private List<One> some() {
        String channel = Channels.LATEST.get(random.nextInt(Channels.LATEST.size()));
        List<One> some = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            some.add(events.event(channel, false, PADDING));
        }
        return some;
    }
}
