package dev.eventstream.benchmarks.capacity;

/**
 * The load of all nodes together on the database.
 *
 * <p>Immutable.
 *
 * @param transactions transactions per second that store events
 * @param statements statements per second, without those that begin and end transactions
 * @param rowsWritten rows inserted, changed and deleted per second, while retention keeps up
 * @param bytes bytes per second between the nodes and the database
 * @param wal bytes per second of the write-ahead log
 * @param perDay bytes by which the log grows in a day, without retention
 * @param reads queries per second and node for events of other nodes
 */
record Log(
        double transactions,
        double statements,
        double rowsWritten,
        double bytes,
        double wal,
        double perDay,
        double reads) {
    private static final double SECONDS_PER_DAY = 86_400;

    static Log of(Workload load, double up, Streams streams, Parameters known) {
        double stored = load.events() * load.storedShare();
        double followed = streams.followed();
        double foreign = stored * (up - 1) / up * followed / load.channels();
        double reads = reads(load, foreign, followed, up, known);
        double transactions = Math.min(stored, up * known.value(Parameter.DB_GROUPS));
        double idle = known.value(load.isFast() ? Parameter.DB_STATEMENTS_IDLE_FAST : Parameter.DB_STATEMENTS_IDLE)
                + followed * known.value(Parameter.DB_STATEMENTS_CHANNELS);
        double send = known.value(load.isFast() ? Parameter.DB_STATEMENTS_SEND_FAST : Parameter.DB_STATEMENTS_SEND);
        double statements = transactions * send + up * (reads + idle + streams.starts() * load.queries());
        double data = load.bytes();
        return new Log(
                transactions,
                statements,
                3 * stored, // an insert, at most one change of a channel, and a deletion for each event
                stored * (known.value(Parameter.DB_BYTES_SEND) + data)
                        + up * foreign * (known.value(Parameter.DB_BYTES_READ) + data),
                stored * (known.value(Parameter.DB_WAL) + data),
                stored * (known.value(Parameter.DB_ROW) + data) * SECONDS_PER_DAY,
                reads);
    }

    private static double reads(Workload load, double foreign, double followed, double up, Parameters known) {
        if (up <= 1) {
            return 0;
        }
        return load.isFast()
                ? known.value(Parameter.DB_STATEMENTS_READ_FAST)
                        * Math.min(foreign, followed * known.value(Parameter.BUS_ROUNDS))
                : known.value(Parameter.DB_STATEMENTS_READ)
                        * Math.min(foreign, followed / known.value(Parameter.POLL_INTERVAL));
    }

    /** The use of the database, as a share of what it carried when it was measured. */
    double used(Workload load, Parameters known) {
        return Math.max(
                load.events() * load.storedShare() / known.value(Parameter.DB_EVENTS),
                statements / known.value(Parameter.DB_STATEMENTS));
    }
}
