package dev.eventstream.benchmarks.capacity.simulation;

/** The kind of client that readers use. */
public enum ClientKind {
    /** The bundle's browser client. */
    BUNDLE,
    /** A plain EventSource: it comes back whenever the server asks it to, and never after an answer such as 503. */
    EVENT_SOURCE
}
