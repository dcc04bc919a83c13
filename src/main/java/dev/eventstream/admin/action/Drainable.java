package dev.eventstream.admin.action;

/** The direct streams of this node, which can be sent to other nodes. Thread-safe. */
public interface Drainable {
    /** Whether this node ends its streams. */
    boolean isDraining();

    /** Ends all streams, and each new one. Blocks for as long as that takes. */
    void drain();

    /** Accepts streams again. */
    void resume();
}
