package dev.eventstream.benchmarks.capacity;

/**
 * What the streams of one node get, and the CPU that it takes.
 *
 * <p>A node writes each event alone for as long as its fan-out threads have time for that. Beyond that, events wait for one another, and
 * one write carries several; the CPU then does not grow until each stream is written to only once in {@code round.longest}.
 *
 * <p>Immutable.
 *
 * @param streams open streams
 * @param rate events per second of one stream
 * @param deliveries events per second of all streams
 * @param frame bytes of an event on the wire, within its packet
 * @param threads fan-out threads
 * @param alone cores that the fan-out needs if it writes each event alone
 * @param together cores that it needs if it writes as rarely as is allowed
 * @param cores cores that it uses
 * @param writes writes per second
 * @param keepAlives keep-alives per second
 * @param starts streams that begin per second, in normal operation
 */
record FanOut(
        double streams,
        double rate,
        double deliveries,
        double frame,
        double threads,
        double alone,
        double together,
        double cores,
        double writes,
        double keepAlives,
        double starts) {

    /**
     * @param up nodes that share the load
     */
    static FanOut of(Workload load, double up, Parameters known) {
        double streams = load.readers() / up;
        double rate = load.events() * load.channelsPerReader() / load.channels();
        double deliveries = streams * rate;
        double frame = frame(load, known);
        double threads = threads(load, known);
        double composing =
                deliveries * (known.value(Parameter.CPU_EVENT) + frame * known.value(Parameter.CPU_BYTE) / 1e3);
        double write = known.value(Parameter.CPU_WRITE);
        double fewest = streams * Math.min(rate, 1 / known.value(Parameter.ROUND_LONGEST));
        double alone = (deliveries * write + composing) / 1e6;
        double together = (fewest * write + composing) / 1e6;
        double room = known.value(Parameter.LOAD_TARGET) * threads;
        double cores = alone <= room ? alone : Math.max(together, room);
        double writes = alone <= room ? deliveries : Math.max(fewest, (cores * 1e6 - composing) / write);
        return new FanOut(
                streams,
                rate,
                deliveries,
                frame,
                threads,
                alone,
                together,
                cores,
                writes,
                streams * Math.max(0, 1 / known.value(Parameter.KEEP_ALIVE_MEAN) - rate),
                streams / known.value(Parameter.STREAM_LIFE));
    }

    private static double frame(Workload load, Parameters known) {
        double id =
                known.value(Parameter.FRAME_ID) + load.channelsPerReader() * known.value(Parameter.FRAME_ID_CHANNEL);
        return load.bytes() + known.value(Parameter.FRAME_EVENT) + load.storedShare() * id;
    }

    private static double threads(Workload load, Parameters known) {
        double threads = known.value(Parameter.FAN_OUT_THREADS);
        return threads == 0 ? load.cores() : Math.min(load.cores(), threads);
    }

    /** Whether events wait for one another, because there is no time to write each of them alone. */
    boolean isCoalesced() {
        return writes < deliveries;
    }

    /** Milliseconds until the last reader of an event has it, once it is stored: how long one round of its readers takes. */
    double lastReader(Workload load, double up, Parameters known) {
        if (isCoalesced()) {
            return known.value(Parameter.ROUND_LONGEST) * 1e3;
        }
        double readers = load.readers() * load.channelsPerReader() / load.channels() / up;
        double perWrite = known.value(Parameter.CPU_WRITE)
                + known.value(Parameter.CPU_EVENT)
                + frame * known.value(Parameter.CPU_BYTE) / 1e3;
        return readers * perWrite / threads / 1e3;
    }
}
