package dev.eventstream.benchmarks.capacity;

/**
 * How long all readers need to come back when a node is lost: its streams move to the other nodes or, if it is the only one, return to it
 * once it has started again. This is an upper estimate; the simulation is more precise.
 *
 * <p>Immutable.
 *
 * @param perNode streams that return to each node
 * @param startsPerSecond streams that a node can begin per second, limited by its CPU and {@code startsAtOnce}
 * @param started seconds until the last stream has begun
 * @param refused share of the streams that are refused at first, and come back later
 * @param caughtUp seconds until the last stream has what it missed
 */
record Return(double perNode, double startsPerSecond, double started, double refused, double caughtUp) {
    private static final double LEAST_SHARE = 0.25;

    static Return of(Workload load, Streams streams, FanOut fanOut, Parameters known) {
        boolean isOnly = load.nodes() <= 1;
        double perNode = isOnly ? load.readers() : load.readers() / load.nodes() / (load.nodes() - 1);
        double wait = isOnly ? known.value(Parameter.NODE_START) : 0;
        double free = Math.max(load.cores() * LEAST_SHARE, load.cores() - fanOut.cores());
        double starts = Math.min(
                known.value(Parameter.STARTS_AT_ONCE) * 1e3 / known.value(Parameter.START_TIME),
                free * 1e6 / known.value(Parameter.CPU_START));
        double window = known.value(Parameter.RETRY_MAX) - known.value(Parameter.RETRY_MIN);
        double admitted = known.value(Parameter.ADMISSION_RATE);
        double atOnce = admitted * (known.value(Parameter.ADMISSION_BURST) + window);
        double refused = Math.max(0, perNode - atOnce) / perNode;
        double inLine = Math.max(0, perNode / starts - window - known.value(Parameter.STARTS_LONGEST_WAIT));
        double queued = Math.max(
                known.value(Parameter.RETRY_MAX),
                known.value(Parameter.RETRY_MIN) + perNode / Math.min(starts, rate(perNode, atOnce, admitted, starts)));
        double started = wait + queued + (refused > 0 || inLine > 0 ? known.value(Parameter.REFUSED_MAX) : 0);
        double caughtUp = started + catchUp(load, streams, perNode, started, free, known);
        return new Return(perNode, starts, started, refused, caughtUp);
    }

    // beyond the burst, the admission decides
    private static double rate(double perNode, double atOnce, double admitted, double starts) {
        return perNode <= atOnce ? starts : admitted;
    }

    private static double catchUp(
            Workload load, Streams streams, double perNode, double away, double free, Parameters known) {
        double missed = streams.rate() * load.storedShare() * away;
        boolean isInFirstAnswer = missed <= known.value(Parameter.START_EVENTS)
                && missed * streams.frame() <= known.value(Parameter.START_BYTES);
        if (isInFirstAnswer) {
            return 0;
        }
        double perStream = missed
                * (known.value(Parameter.CPU_CATCH_UP_EVENT)
                        + streams.frame() * known.value(Parameter.CPU_CATCH_UP_BYTE) / 1e3);
        return perNode * perStream / 1e6 / Math.min(free, known.value(Parameter.CATCH_UP_THREADS));
    }
}
