package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An anonymous reader that is new each time, and asks for the last few events of a channel. It gets one contiguous run that begins with
 * them. Once calm has come, it comes once more and stays.
 *
 * <p>Runs on one thread; {@link #rests} is for any thread.
 */
final class StartReader implements Runnable {
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private final String name;
    private final Random random;
    private final Doors doors;
    private final Phases phases;
    private final Truth truth;
    private final Findings findings;
    private final Permissions permissions;
    private final Trace trace;
    private volatile ReaderMemory memory;

    StartReader(
            int number,
            long seed,
            Doors doors,
            Phases phases,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.name = "s" + number;
        this.random = new Random(seed * 86_028_121 + number);
        this.doors = doors;
        this.phases = phases;
        this.truth = truth;
        this.findings = findings;
        this.permissions = permissions;
        this.trace = trace;
        this.memory = memory(Channels.OPEN.get(0));
    }

    private ReaderMemory memory(String channel) {
        return new ReaderMemory(name, "", Set.of(channel), truth, findings, permissions, trace);
    }

    @Override
    public void run() {
        try {
            while (!phases.isOver()) {
                read(Channels.OPEN.get(random.nextInt(Channels.OPEN.size())), 1 + random.nextInt(70));
                phases.awaitOver(100 + random.nextInt(1_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            findings.add(Breach.PHANTOM, "reader=" + name + " cannot interpret what it received: " + e);
        }
    }

    /** The events that it has yet to receive. */
    List<Gap> rests() {
        return memory.rests();
    }

    private void read(String channel, int events) {
        ReaderMemory mine = memory(channel);
        memory = mine;
        int port = doors.anyPort(random);
        String path = Channels.START_ROUTE + "?channel=" + Wire.encode(channel) + "&start=last:" + events;
        Position newest = truth.newest(channel).orElse(Position.NONE);
        trace.reader("reader=" + name + " comes port=" + port + " channel=" + channel + " start=last:" + events);
        try (HttpStream stream = new HttpStream(port, path, HttpStream.headers("", ""), 0, SILENCE)) {
            if (stream.status() == 200) {
                read(stream, mine, new Truth.Start(name, channel, Math.min(events, Channels.LONGEST_START), newest));
            }
        } catch (IOException e) {
            trace.reader("reader=" + name + " cut off: " + e.getMessage());
        }
    }

    private void read(HttpStream stream, ReaderMemory mine, Truth.Start start) throws IOException {
        StreamParser parser = new StreamParser(stream.body());
        boolean stays = phases.isCalm();
        long end = System.nanoTime() + (500 + random.nextInt(6_000)) * 1_000_000L;
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            if (block.get().type().equals("stream-error")) {
                trace.reader("reader=" + name + " refused " + block.get().data());
                return;
            }
            mine.take(block.get());
            if (block.get().type().equals("stream-open")) {
                truth.started(start, Position.parse(block.get().id()).getOrDefault(start.channel(), Position.NONE));
            }
            if (phases.isOver() || (!stays && System.nanoTime() - end > 0)) {
                stream.cut();
                return;
            }
        }
    }
}
