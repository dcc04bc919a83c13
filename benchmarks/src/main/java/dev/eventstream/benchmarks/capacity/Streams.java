package dev.eventstream.benchmarks.capacity;

/**
 * The streams of one node, and the events that they get.
 *
 * <p>Immutable.
 *
 * @param number how many are open
 * @param followed channels that the node follows
 * @param rate events per second of one stream
 * @param deliveries events per second of all streams
 * @param heard events per second in the channels that the node follows, each counted once
 * @param frame bytes of an event on the wire, within its packet
 * @param keepAlives keep-alives per second
 * @param starts streams that begin per second, in normal operation
 */
record Streams(
        double number,
        double followed,
        double rate,
        double deliveries,
        double heard,
        double frame,
        double keepAlives,
        double starts) {

    /**
     * @param up nodes that share the load
     */
    static Streams of(Workload load, double up, Parameters known) {
        double number = load.readers() / up;
        double followed = Math.min(load.channels(), number * load.channelsPerReader());
        double rate = load.events() * load.channelsPerReader() / load.channels();
        return new Streams(
                number,
                followed,
                rate,
                number * rate,
                load.events() * followed / load.channels(),
                frame(load, known),
                number * Math.max(0, 1 / known.value(Parameter.KEEP_ALIVE_MEAN) - rate),
                number / known.value(Parameter.STREAM_LIFE));
    }

    private static double frame(Workload load, Parameters known) {
        double id =
                known.value(Parameter.FRAME_ID) + load.channelsPerReader() * known.value(Parameter.FRAME_ID_CHANNEL);
        return load.bytes() + known.value(Parameter.FRAME_EVENT) + load.storedShare() * id;
    }
}
