package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;

/** Undoes a drain. Thread-safe. */
final class ResumeNode extends Action {
    private final Drainable node;

    ResumeNode(Drainable node) {
        super("resume", "Resume this node after a drain");
        this.node = node;
    }

    @Override
    public Prepared prepare(Parameters parameters) {
        return new Prepared(
                "resume this node",
                "The node accepts direct streams again, and the health check eventstream-drain succeeds.",
                () -> {
                    node.resume();
                    return "it accepts streams";
                });
    }
}
