package dev.eventstream.admin;

import dev.eventstream.bus.NodeBus;
import dev.eventstream.bus.NodeInfo;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Lists the nodes on the bus as plain text, one per line: name, version, start, streams, lag, and the settings in which a node differs
 * from the one that answers.
 *
 * <p>Thread-safe.
 */
public final class NodesPage extends HttpServlet {
    /** Path of the page, below the admin context. */
    public static final String PATH = "/eventstream/nodes";

    private static final long serialVersionUID = 1;
    private static final String ROW = "%-40s %-10s %-16s %-24s %8s %8s  %s%n";

    private final transient NodeBus bus;

    /**
     * @param bus this node on the bus
     */
    public NodesPage(NodeBus bus) {
        this.bus = bus;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getWriter().print(text());
    }

    private String text() {
        NodeInfo self = bus.self();
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, ROW, "name", "id", "version", "started", "streams", "lag", "differs in"));
        for (NodeInfo node : bus.nodes()) {
            text.append(row(self, node));
        }
        return text.toString();
    }

    private static String row(NodeInfo self, NodeInfo node) {
        List<String> differences = self.differences(node);
        String notes = node.id() == self.id() ? "(this node)" : String.join(", ", differences);
        return String.format(
                        Locale.ROOT,
                        ROW,
                        node.name(),
                        node.shortId(),
                        node.version(),
                        node.started(),
                        node.streams(),
                        node.lag().toMillis() + " ms",
                        notes)
                .replaceAll(" +(?=\\R)", "");
    }
}
