package dev.eventstream.benchmarks.capacity;

/**
 * The CPU cores that one node uses, by purpose.
 *
 * <p>Immutable.
 *
 * @param sends requests that send events to this node
 * @param reads queries for events of other nodes
 * @param keepAlives keep-alives of silent streams
 * @param starts streams that begin, in normal operation
 * @param fanOut events for the streams
 */
record Cores(double sends, double reads, double keepAlives, double starts, double fanOut) {

    static Cores of(Workload load, double up, Streams streams, FanOut fanOut, Log log, Parameters known) {
        double send = load.storedShare() * known.value(Parameter.CPU_SEND_STORED)
                + (1 - load.storedShare()) * known.value(Parameter.CPU_SEND_UNSTORED);
        double onBus = load.isFast() ? load.events() * (up - 1) / up * known.value(Parameter.CPU_BUS_EVENT) : 0;
        return new Cores(
                load.events() / up * send / 1e6,
                (log.reads() * known.value(Parameter.CPU_QUERY) + onBus) / 1e6,
                streams.keepAlives() * known.value(Parameter.CPU_WRITE) / 1e6,
                streams.starts() * known.value(Parameter.CPU_START) / 1e6,
                fanOut.cores());
    }

    double all() {
        return sends + reads + keepAlives + starts + fanOut;
    }
}
