package dev.eventstream.benchmarks.capacity;

/**
 * The parameters of the capacity model: costs and limits of the product, its database and its clients. The file
 * {@code benchmarks/capacity.properties} states the value, unit and source of each.
 */
public enum Parameter {
    CPU_WRITE("cpu.write"),
    CPU_EVENT("cpu.event"),
    CPU_BYTE("cpu.byte"),
    CPU_NEWS("cpu.news"),
    CPU_SEND_STORED("cpu.send.stored"),
    CPU_SEND_UNSTORED("cpu.send.unstored"),
    CPU_QUERY("cpu.query"),
    CPU_BUS_EVENT("cpu.bus.event"),
    CPU_START("cpu.start"),
    CPU_REFUSAL("cpu.refusal"),
    CPU_CATCH_UP_EVENT("cpu.catch-up.event"),
    CPU_CATCH_UP_BYTE("cpu.catch-up.byte"),
    FAN_OUT_THREADS("fan-out.threads"),
    HEAP_BASE("heap.base"),
    HEAP_STREAM("heap.stream"),
    HEAP_CHANNEL("heap.channel"),
    HEAP_SMALLEST("heap.smallest"),
    HEAP_FACTOR("heap.factor"),
    MEMORY_SHARE("memory.share"),
    RSS_BASE("rss.base"),
    KERNEL_STREAM("kernel.stream"),
    MEMORY_PER_CORE("memory.per-core"),
    DESCRIPTORS_BASE("descriptors.base"),
    STREAMS_MOST("streams.most"),
    FRAME_EVENT("frame.event"),
    FRAME_ID("frame.id"),
    FRAME_ID_CHANNEL("frame.id.channel"),
    FRAME_KEEP_ALIVE("frame.keep-alive"),
    WIRE_WRITE("wire.write"),
    WIRE_PACKET("wire.packet"),
    WIRE_START("wire.start"),
    KEEP_ALIVE_MEAN("keep-alive.mean"),
    DB_EVENTS("db.events"),
    DB_STATEMENTS("db.statements"),
    DB_GROUPS("db.groups"),
    DB_STATEMENTS_SEND("db.statements.send"),
    DB_STATEMENTS_SEND_FAST("db.statements.send.fast"),
    DB_STATEMENTS_READ("db.statements.read"),
    DB_STATEMENTS_READ_FAST("db.statements.read.fast"),
    DB_STATEMENTS_IDLE("db.statements.idle"),
    DB_STATEMENTS_IDLE_FAST("db.statements.idle.fast"),
    DB_STATEMENTS_CHANNELS("db.statements.channels"),
    DB_STATEMENTS_PAGE("db.statements.page"),
    DB_PAGE("db.page"),
    DB_BYTES_SEND("db.bytes.send"),
    DB_BYTES_READ("db.bytes.read"),
    DB_ROW("db.row"),
    DB_WAL("db.wal"),
    POLL_INTERVAL("poll.interval"),
    BUS_ROUNDS("bus.rounds"),
    RETRY_MIN("retry.min"),
    RETRY_MAX("retry.max"),
    REFUSED_MIN("refused.min"),
    REFUSED_MAX("refused.max"),
    ADMISSION_RATE("admission.rate"),
    ADMISSION_BURST("admission.burst"),
    STARTS_AT_ONCE("starts.at-once"),
    STARTS_LONGEST_WAIT("starts.longest-wait"),
    START_TIME("start.time"),
    START_EVENTS("start.events"),
    START_BYTES("start.bytes"),
    CATCH_UP_THREADS("catch-up.threads"),
    DRAIN_TIME("drain.time"),
    DRAIN_GAP("drain.gap"),
    NODE_START("node.start"),
    ROLLING_PAUSE("rolling.pause"),
    STREAM_LIFE("stream.life"),
    PUSHPIN_CONNECTIONS("pushpin.connections"),
    PUSHPIN_DELIVERIES("pushpin.deliveries"),
    PUSHPIN_LINKS("pushpin.links"),
    PUSHPIN_STREAM("pushpin.stream"),
    PUSHPIN_CONNECTS("pushpin.connects"),
    LOAD_TARGET("load.target"),
    ROUND_LONGEST("round.longest");

    private final String key;

    Parameter(String key) {
        this.key = key;
    }

    /** The name in the file. */
    public String key() {
        return key;
    }
}
