package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import java.util.List;

/** Undoes a drain. Thread-safe. */
final class ResumeNode implements Action {
    private final Drainable node;

    ResumeNode(Drainable node) {
        this.node = node;
    }

    @Override
    public String name() {
        return "resume";
    }

    @Override
    public String title() {
        return "Resume this node after a drain";
    }

    @Override
    public List<Field> fields() {
        return List.of();
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
