package dev.eventstream.benchmarks.capacity;

/** What a node, or its database, can run out of. */
public enum Resource {
    CPU("CPU of a node"),
    FAN_OUT("fan-out threads"),
    MEMORY("memory of a node"),
    NETWORK("network of a node"),
    DATABASE("database"),
    /** A limit of the product, which may be used completely. */
    STREAMS("limits.streams");

    private final String title;

    Resource(String title) {
        this.title = title;
    }

    /** How texts call it. */
    public String title() {
        return title;
    }
}
