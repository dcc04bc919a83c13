package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;

/** Ends the direct streams of this node, so that their clients go to other nodes. Thread-safe. */
final class DrainNode extends Action {
    private final Drainable node;

    DrainNode(Drainable node) {
        super("drain", "Drain this node");
        this.node = node;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        return new Prepared(
                "drain this node",
                "The health check eventstream-drain fails, and all direct streams end, spread over eventStream.drain. Their"
                        + " clients come back, and must reach another node: as long as they reach this one, they are sent away again"
                        + " every few seconds and get no events. Streams behind a proxy are not affected. Resume undoes it.",
                () -> {
                    if (node.isDraining()) {
                        return "it was draining already";
                    }
                    node.drain();
                    return "its direct streams have ended";
                });
    }
}
