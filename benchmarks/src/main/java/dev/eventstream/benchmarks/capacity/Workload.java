package dev.eventstream.benchmarks.capacity;

/**
 * The load that an application puts on its nodes. Events are spread evenly over the channels, and readers over channels and nodes.
 *
 * <p>Immutable.
 *
 * @param readers open streams on all nodes; 1 to 1,000,000,000
 * @param channelsPerReader channels of one stream; 1 to 255, and at most {@code channels}
 * @param channels channels in all; 1 to 1,000,000,000
 * @param events events sent per second to all channels; 0 to 10,000,000
 * @param bytes data of an event; 0 to 16,777,216
 * @param storedShare share of the events that are stored; 0 to 1
 * @param nodes nodes of the application; 1 to 10,000
 * @param cores cores of a node; 1 to 1,024
 * @param network the capacity of a node's network, in gigabits per second; 0.001 to 1,000
 * @param queries statements that your auth filter and authorizer execute for each stream that begins; 0 to 100
 * @param isFast whether the nodes have a fast bus
 */
public record Workload(
        double readers,
        double channelsPerReader,
        double channels,
        double events,
        double bytes,
        double storedShare,
        double nodes,
        double cores,
        double network,
        double queries,
        boolean isFast) {

    /** Checks all values. */
    public Workload {
        check("readers", readers, 1, 1e9);
        check("channelsPerReader", channelsPerReader, 1, 255);
        check("channels", channels, channelsPerReader, 1e9);
        check("events", events, 0, 1e7);
        check("bytes", bytes, 0, 16_777_216);
        check("storedShare", storedShare, 0, 1);
        check("nodes", nodes, 1, 10_000);
        check("cores", cores, 1, 1_024);
        check("network", network, 0.001, 1_000);
        check("queries", queries, 0, 100);
    }

    private static void check(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) { // NaN is refused, too
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + min + " to " + max);
        }
    }

    /** The same with another number of readers. */
    public Workload withReaders(double number) {
        return new Workload(
                number,
                channelsPerReader,
                channels,
                events,
                bytes,
                storedShare,
                nodes,
                cores,
                network,
                queries,
                isFast);
    }

    /** The same on other nodes. */
    public Workload onNodes(double number, double coresOfEach, double networkOfEach) {
        return new Workload(
                readers,
                channelsPerReader,
                channels,
                events,
                bytes,
                storedShare,
                number,
                coresOfEach,
                networkOfEach,
                queries,
                isFast);
    }
}
