package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A reader of a latest channel. It leaves, and comes back with its Last-Event-ID or as a new reader. Every second one is slow until
 * calm has come; every third one comes as a new reader then.
 *
 * <p>Runs on one thread; {@link #waitsFor} is for any thread.
 */
final class LatestReader implements Runnable {
    private static final Duration SILENCE = Duration.ofSeconds(8);
    private static final int SLOW_RECEIVE_BUFFER = 4_096;

    private final String name;
    private final String user;
    private final String channel;
    private final boolean isSlow;
    private final boolean isNewAtEnd;
    private final Random random;
    private final Doors doors;
    private final Phases phases;
    private final LatestMemory memory;
    private final Findings findings;
    private final Trace trace;
    private boolean isAtEnd;

    LatestReader(
            int number,
            long seed,
            Doors doors,
            Phases phases,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace,
            Duration lag) {
        this.name = "l" + number;
        this.user = number % 3 == 0 ? "" : Channels.USERS.get(number % Channels.USERS.size());
        this.channel = Channels.LATEST.get(number % Channels.LATEST.size());
        this.isSlow = number / 2 % 2 == 0;
        this.isNewAtEnd = number % 3 == 1;
        this.random = new Random(seed * 49_979_687 + number);
        this.doors = doors;
        this.phases = phases;
        this.memory = new LatestMemory(name, user, channel, truth, findings, permissions, trace, lag);
        this.findings = findings;
        this.trace = trace;
    }

    long events() {
        return memory.events();
    }

    @Override
    public void run() {
        try {
            while (!phases.isOver()) {
                stream();
                if (phases.isCalm()) {
                    phases.awaitOver(200);
                } else {
                    phases.awaitCalm(50 + random.nextInt(random.nextInt(3) == 0 ? 15_000 : 500));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            findings.add(Breach.PHANTOM, "reader=" + name + " cannot interpret what it received: " + e);
        }
    }

    /** What it has yet to receive. */
    Optional<String> waitsFor() {
        return memory.waitsFor();
    }

    private void stream() throws InterruptedException {
        boolean begins = phases.isCalm() && !isAtEnd;
        isAtEnd = phases.isCalm();
        if ((begins && isNewAtEnd) || (!isAtEnd && random.nextInt(3) == 0)) {
            memory.forget();
        }
        String id = memory.lastEventId();
        int port = doors.anyPort(random);
        trace.reader("reader=" + name + " comes port=" + port + " channel=" + channel + " last-event-id=" + id);
        memory.asks(doors.isDirect(port));
        try (HttpStream stream = new HttpStream(
                port,
                "/events?channel=" + Wire.encode(channel),
                HttpStream.headers(user, id),
                isSlow && !isAtEnd ? SLOW_RECEIVE_BUFFER : 0,
                SILENCE)) {
            if (stream.status() == 200) {
                read(stream);
            } else {
                trace.reader("reader=" + name + " gets status=" + stream.status());
            }
        } catch (IOException e) {
            trace.reader("reader=" + name + " cut off: " + e.getMessage());
        }
    }

    private void read(HttpStream stream) throws IOException, InterruptedException {
        StreamParser parser = new StreamParser(stream.body());
        long end = System.nanoTime() + (500 + random.nextInt(15_000)) * 1_000_000L;
        int taken = 0;
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            if (block.get().type().equals("stream-error")) {
                trace.reader("reader=" + name + " refused " + block.get().data());
                return;
            }
            memory.take(block.get());
            boolean isCalm = phases.isCalm();
            if (phases.isOver() || (isCalm != isAtEnd && isNewAtEnd) || (!isCalm && System.nanoTime() - end > 0)) {
                trace.reader("reader=" + name + " leaves");
                stream.cut();
                return;
            }
            if (isSlow && ++taken % 40 == 0 && !isCalm) {
                phases.awaitCalm(500 + random.nextInt(3_000));
            }
        }
        trace.reader("reader=" + name + " stream ended");
    }
}
