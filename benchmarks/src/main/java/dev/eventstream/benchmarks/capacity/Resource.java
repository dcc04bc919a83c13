package dev.eventstream.benchmarks.capacity;

/** What a node, or its database, can run out of. */
public enum Resource {
    CPU("CPU of a node"),
    FAN_OUT("fan-out threads"),
    MEMORY("memory of a node"),
    NETWORK("network of a node"),
    DATABASE("database"),
    /** A bound of the product, of which all may be used. */
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
