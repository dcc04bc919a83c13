package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A reader of one channel that is finished after a while. It reads it to its end, comes back to see that nothing is left, and takes the
 * next channel. Every second one reads from the beginning.
 *
 * <p>Runs on one thread; {@link #waitsFor} is for any thread.
 */
final class JobReader implements Runnable {
    /** How long a stream may stay open after the end of its channel and the last trouble: no fault lasts as long. */
    private static final Duration LATEST = Duration.ofSeconds(45);

    private static final Duration SILENCE = Duration.ofSeconds(8);
    private static final int RETURNS = 3;
    private static final String NOTHING = "";

    private final String name;
    private final String user;
    private final Random random;
    private final Doors doors;
    private final Phases phases;
    private final Jobs jobs;
    private final Truth truth;
    private final Findings findings;
    private final Permissions permissions;
    private final Trace trace;
    private final AtomicReference<String> reads = new AtomicReference<>(NOTHING);

    JobReader(
            int number,
            long seed,
            Doors doors,
            Phases phases,
            Jobs jobs,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.name = "j" + number;
        this.user = number % 3 == 0 ? "" : Channels.USERS.get(number % Channels.USERS.size());
        this.random = new Random(seed * 15_485_863 + number);
        this.doors = doors;
        this.phases = phases;
        this.jobs = jobs;
        this.truth = truth;
        this.findings = findings;
        this.permissions = permissions;
        this.trace = trace;
    }

    private enum End {
        /** The stream was cut, refused or left. */
        CUT,
        /** The reader was told the end of the channel. */
        TOLD,
        /** There is nothing left to read: 204. */
        NOTHING_LEFT
    }

    @Override
    public void run() {
        try {
            while (!phases.awaitCalm(50 + random.nextInt(500))) {
                Optional<String> job = jobs.any(random);
                if (job.isPresent()) {
                    reads.set(job.get());
                    read(job.get());
                    reads.set(NOTHING);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            findings.add(Breach.PHANTOM, "reader=" + name + " cannot interpret what it received: " + e);
        }
    }

    /** The finished channel whose end it has not been told yet. */
    Optional<String> waitsFor() {
        String job = reads.get();
        return job.isEmpty() || jobs.isOver(job) || !jobs.isFinished(job)
                ? Optional.empty()
                : Optional.of("reader=" + name + " has not been told the end of channel=" + job);
    }

    private void read(String job) throws InterruptedException {
        ReaderMemory memory = new ReaderMemory(name, user, Set.of(job), truth, findings, permissions, trace);
        String first = random.nextBoolean() ? Wire.encode(job) + "=0-0" : "";
        End end = End.CUT;
        while (end == End.CUT && !isPointless(job)) {
            end = stream(job, memory, memory.lastEventId().isEmpty() ? first : memory.lastEventId());
            phases.awaitOver(end == End.CUT ? 50 + random.nextInt(500) : 0);
        }
        // a stream that begins at the end, and is cut off before it says so, continues with 204
        if (end != End.CUT) {
            jobs.told(name, job, Position.parse(memory.lastEventId()).getOrDefault(job, Position.NONE));
        }
        if (end == End.TOLD) {
            comeBack(job, memory);
        }
    }

    private boolean isPointless(String job) {
        return phases.isOver() || jobs.isOver(job) || (phases.isCalm() && !jobs.isFinished(job));
    }

    /** Comes back from the end, until there is nothing left. While a node is short of memory, a reader may be told the end again. */
    private void comeBack(String job, ReaderMemory memory) throws InterruptedException {
        int told = 0;
        while (!isPointless(job)) {
            End end = stream(job, memory, memory.lastEventId());
            if (end == End.NOTHING_LEFT) {
                jobs.returned();
                return;
            }
            told += end == End.TOLD ? 1 : 0;
            if (told == RETURNS && !jobs.isOver(job)) {
                findings.add(
                        Breach.LOST,
                        "reader=" + name + " came back from the end of channel=" + job + ", and did not get 204");
                return;
            }
            phases.awaitOver(100);
        }
    }

    private End stream(String job, ReaderMemory memory, String id) throws InterruptedException {
        int port = doors.anyPort(random);
        trace.reader("reader=" + name + " comes port=" + port + " channel=" + job + " last-event-id=" + id);
        try (HttpStream stream =
                new HttpStream(port, "/events?channel=" + Wire.encode(job), HttpStream.headers(user, id), 0, SILENCE)) {
            trace.reader("reader=" + name + " gets status=" + stream.status());
            if (stream.status() == 204) {
                return End.NOTHING_LEFT;
            }
            return stream.status() == 200 ? read(stream, job, memory) : End.CUT;
        } catch (IOException e) {
            trace.reader("reader=" + name + " cut off: " + e.getMessage());
            return End.CUT;
        }
    }

    private End read(HttpStream stream, String job, ReaderMemory memory) throws IOException {
        StreamParser parser = new StreamParser(stream.body());
        long opened = System.currentTimeMillis();
        long leaves = random.nextInt(4) == 0 ? opened + random.nextInt(4_000) : Long.MAX_VALUE;
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            if (block.get().type().equals("stream-error")) {
                trace.reader("reader=" + name + " refused " + block.get().data());
                return End.CUT;
            }
            memory.take(block.get());
            if (block.get().type().equals("stream-end")) {
                return End.TOLD;
            }
            if (jobs.overdueMillis(job, opened) > LATEST.toMillis()) {
                findings.add(
                        Breach.LOST,
                        "reader=" + name + " was not told the end of channel=" + job + " within " + LATEST.toSeconds()
                                + " s");
                jobs.giveUp(job);
            }
            if (isPointless(job) || (System.currentTimeMillis() > leaves && !phases.isCalm())) {
                trace.reader("reader=" + name + " leaves");
                stream.cut();
                return End.CUT;
            }
        }
        trace.reader("reader=" + name + " stream ended");
        return End.CUT;
    }
}
