package dev.eventstream.benchmarks.capacity;

/**
 * The CPU that the fan-out of one node takes for the events of its streams.
 *
 * <p>A node writes each event alone while its fan-out threads have time for it. Beyond that, events wait for one another, and one write
 * carries several. Then the CPU does not grow until the node writes to each stream only once in {@code round.longest}.
 *
 * <p>Immutable.
 *
 * @param threads fan-out threads
 * @param alone cores that it needs if it writes each event alone
 * @param together cores that it needs if it writes as rarely as allowed
 * @param cores cores that it uses
 * @param writes writes per second
 */
record FanOut(double threads, double alone, double together, double cores, double writes) {

    static FanOut of(Workload load, Streams streams, Parameters known) {
        double threads = threads(load, known);
        double longest = known.value(Parameter.ROUND_LONGEST);
        double write = known.value(Parameter.CPU_WRITE);
        double news = known.value(Parameter.CPU_NEWS);
        double composing = streams.deliveries() * perEvent(streams, known);
        double alone = (streams.heard() * news + streams.deliveries() * write + composing) / 1e6;
        double fewest = streams.number() * Math.min(streams.rate(), 1 / longest);
        double others = Math.min(streams.heard(), streams.followed() / longest) * news + composing;
        double together = (fewest * write + others) / 1e6;
        double room = known.value(Parameter.LOAD_TARGET) * threads;
        if (alone <= room) {
            return new FanOut(threads, alone, together, alone, streams.deliveries());
        }
        double cores = Math.max(together, room);
        return new FanOut(threads, alone, together, cores, Math.max(fewest, (cores * 1e6 - others) / write));
    }

    // microseconds, besides the write
    private static double perEvent(Streams streams, Parameters known) {
        return known.value(Parameter.CPU_EVENT) + streams.frame() * known.value(Parameter.CPU_BYTE) / 1e3;
    }

    private static double threads(Workload load, Parameters known) {
        double threads = known.value(Parameter.FAN_OUT_THREADS);
        return threads == 0 ? load.cores() : Math.min(load.cores(), threads);
    }

    /** Milliseconds from when an event is stored until its last reader has it: the length of one round of its readers. */
    double lastReader(Workload load, double up, Streams streams, Parameters known) {
        if (writes < streams.deliveries()) {
            return known.value(Parameter.ROUND_LONGEST) * 1e3;
        }
        double readers = load.readers() * load.channelsPerReader() / load.channels() / up;
        return readers * (known.value(Parameter.CPU_WRITE) + perEvent(streams, known)) / threads / 1e3;
    }
}
