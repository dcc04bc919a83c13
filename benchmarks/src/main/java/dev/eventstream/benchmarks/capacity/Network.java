package dev.eventstream.benchmarks.capacity;

/** What one node sends to its readers. */
final class Network {
    private static final double BITS = 8;

    private Network() {}

    /** Bytes per second with the headers of their packets, without TLS. */
    static double bytes(Streams streams, FanOut fanOut, Parameters known) {
        double events = streams.deliveries() * streams.frame();
        double perPacket = known.value(Parameter.WIRE_WRITE);
        return events
                + events / known.value(Parameter.WIRE_PACKET) * perPacket
                + fanOut.writes() * perPacket
                + streams.keepAlives() * (known.value(Parameter.FRAME_KEEP_ALIVE) + perPacket)
                + streams.starts() * known.value(Parameter.WIRE_START);
    }

    /** The share of the network that is used. */
    static double used(Workload load, double bytes) {
        return bytes * BITS / (load.network() * 1e9);
    }
}
