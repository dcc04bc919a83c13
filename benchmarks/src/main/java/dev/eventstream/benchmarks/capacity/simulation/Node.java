package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;

/**
 * A node: its streams, the requests that wait in its line ({@code StartQueue}), and the streams that catch up. It works in rounds of
 * {@value #ROUND} ms. Each round has the CPU that the events of the live streams leave.
 */
final class Node {
    /** The length of a round, in milliseconds. */
    static final int ROUND = 10;

    private final World world;
    private final Line line;
    private final Line behind;
    private final NodeCpu cpu;
    private final double slotsPerRound;
    private final int longestWait;
    private boolean isUp = true;
    private Drain drain = Drain.NONE;
    private Admission admission;
    private double slots;
    private double owed;
    private double stepLeft;
    private double knownChannels;
    private int readThrough;
    private int streams;
    private int longestLine;
    private int mostStreams;

    Node(World world) {
        this.world = world;
        this.line = new Line(world.readers);
        this.behind = new Line(world.readers);
        this.cpu = new NodeCpu(world.scenario.load().cores());
        this.slotsPerRound =
                Math.max(1, value(Parameter.STARTS_AT_ONCE) * ROUND / Math.max(1, value(Parameter.START_TIME)));
        this.longestWait = (int) (value(Parameter.STARTS_LONGEST_WAIT) * 1e3);
        this.admission = admission(0);
        this.knownChannels = Double.POSITIVE_INFINITY;
    }

    private double value(Parameter parameter) {
        return world.known.value(parameter);
    }

    private Admission admission(int now) {
        return new Admission(value(Parameter.ADMISSION_RATE), value(Parameter.ADMISSION_BURST), now / 1e3);
    }

    boolean isUp() {
        return isUp;
    }

    /** A stream is open from the beginning. */
    void holds() {
        streams++;
        mostStreams = Math.max(mostStreams, streams);
    }

    /** An open stream has ended. */
    void ended() {
        streams--;
    }

    int streams() {
        return streams;
    }

    /** Streams, and requests that wait for one. */
    int connections() {
        return streams + line.size();
    }

    int mostStreams() {
        return mostStreams;
    }

    int longestLine() {
        return longestLine;
    }

    NodeCpu cpu() {
        return cpu;
    }

    /** A request for a stream arrives. */
    void connect(int reader, int now) {
        world.pauses.add(now - world.readers.since[reader]);
        if (line.size() >= world.scenario.maxStreams()) {
            refuse(reader, now);
            return;
        }
        world.readers.state[reader] = Readers.IN_LINE;
        world.readers.since[reader] = now;
        line.add(reader);
        longestLine = Math.max(longestLine, line.size());
    }

    /** Its present drain; {@link Drain#NONE} if it is not draining. */
    Drain drain() {
        return drain;
    }

    void drains(Drain newDrain) {
        drain = newDrain;
    }

    /** The process has ended, and all its state is gone. The caller takes care of the readers. */
    void stops() {
        isUp = false;
        line.clear();
        behind.clear();
        streams = 0;
        stepLeft = 0;
    }

    void starts(int now) {
        isUp = true;
        drain = Drain.NONE;
        admission = admission(now);
        knownChannels = 0;
        readThrough = 0;
    }

    void round(int now) {
        if (!isUp || (line.isEmpty() && behind.isEmpty())) {
            return;
        }
        double free = world.costs.free(streams) - owed;
        double used = catchUp(now, line.isEmpty() ? free : free / 2);
        double spent = used + begin(now, free - used);
        owed = Math.max(0, spent - free);
        cpu.spend(spent);
    }

    void endSecond() {
        cpu.endSecond(isUp ? world.costs.fanOut(streams) : 0);
    }

    private double begin(int now, double budget) {
        slots = Math.min(slotsPerRound, slots + slotsPerRound);
        double left = budget;
        while (!line.isEmpty()) {
            if (now - world.readers.since[line.first()] > longestWait) {
                left -= refuse(line.remove(), now);
                continue;
            }
            if (left <= 0 || slots < 1 || world.database.isBusy()) {
                break;
            }
            slots--;
            left -= begin(line.remove(), now);
        }
        return budget - left;
    }

    private double begin(int reader, int now) {
        if (drain.isRunning()) {
            world.readers.interrupted(reader);
            int asked = drain.comeBack(now, world.client);
            world.comesAfter(reader, now, world.client.afterInterruption(world.readers.attempts[reader], asked));
            return value(Parameter.CPU_REFUSAL);
        }
        if (streams >= world.scenario.maxStreams() || !admission.tryTake(now / 1e3)) {
            return refuse(reader, now);
        }
        holds();
        world.database.take(world.scenario.load().queries() + unknownChannels());
        double missed = world.missed(reader, now);
        double cost = value(Parameter.CPU_START);
        if (world.costs.isInFirstAnswer(missed)) {
            world.isBack(reader, now + (int) value(Parameter.START_TIME));
            return cost + world.costs.catchUp(missed);
        }
        world.readers.state[reader] = Readers.CATCHING_UP;
        behind.add(reader);
        return cost;
    }

    // a node that has just started looks for the channels of its first readers
    private double unknownChannels() {
        if (knownChannels >= world.costs.followed()) {
            return 0;
        }
        knownChannels += world.scenario.load().channelsPerReader();
        return 1;
    }

    private double refuse(int reader, int now) {
        world.refuse(reader, now);
        return value(Parameter.CPU_REFUSAL);
    }

    private double catchUp(int now, double free) {
        double perEvent = world.costs.catchUp(1);
        double byBytes = world.costs.freeBytes(streams) / world.costs.frame() * perEvent;
        double budget = Math.min(Math.min(free, byBytes), value(Parameter.CATCH_UP_THREADS) * ROUND * 1e3);
        double left = budget;
        while (!behind.isEmpty() && left > 0 && !(stepLeft == 0 && world.database.isBusy())) {
            int reader = behind.first();
            if (stepLeft == 0) {
                stepLeft = world.missed(reader, now) * perEvent;
                world.database.take(pages(reader, now));
            }
            double step = Math.min(left, stepLeft);
            left -= step;
            stepLeft -= step;
            if (stepLeft <= 0) {
                stepLeft = 0;
                world.isBack(behind.remove(), now);
            }
        }
        return budget - left;
    }

    // readers of the same channels share pages
    private double pages(int reader, int now) {
        double alone = world.costs.pages(world.missed(reader, now));
        double unread = (now - Math.max(world.readers.lostAt[reader], readThrough)) / 1e3;
        double shared = world.costs.pagesOf(unread) + (readThrough == 0 ? alone : 0);
        readThrough = now;
        return Math.min(alone, shared);
    }
}
