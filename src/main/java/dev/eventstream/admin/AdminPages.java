package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.UnavailableException;
import dev.eventstream.admin.why.Elsewhere;
import dev.eventstream.admin.why.OpenStreams;
import dev.eventstream.admin.why.Why;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.bus.NodeInfo;
import dev.eventstream.store.EventStoreException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin pages: overview, streams, channels, and why a reader did not receive an event; and the actions. Each is also JSON, with
 * {@code .json} at the end of its address or {@code Accept: application/json}.
 *
 * <p>Anyone who reaches the admin port sees them. Actions need {@code eventStream.adminActions}, a POST, a confirmation, and a request that
 * no page of another site has made.
 *
 * <p>Thread-safe. Two pages are made at a time; further requests wait for five seconds, and are then refused.
 */
public final class AdminPages extends HttpServlet {
    /** Path of the pages, below the admin context. */
    public static final String PATH = "/eventstream/*";

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminPages.class);
    private static final long serialVersionUID = 1;
    private static final String FIRST = PageName.OVERVIEW.path();
    private static final String ACTIONS = PageName.ACTIONS.path();
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 5;
    private static final String REFUSED = "Refused";

    private final transient Map<String, PageSource> pages;
    private final transient ActionsPage actions;
    private final transient PageAnswer answer = new PageAnswer(PageName.titles());
    private final transient Semaphore turns = new Semaphore(AT_ONCE);

    /** The pages of a node. */
    public AdminPages(AdminParts parts) {
        OpenStreams streams = new OpenStreams(parts.fanout());
        MetricValues metrics = new MetricValues(parts.metrics());
        Why why = new Why(
                parts.store(),
                parts.stored(),
                streams,
                parts.rights(),
                new Elsewhere(parts.lanes(), others(parts.bus())));
        this.actions = new ActionsPage(parts.actions());
        this.pages = Map.of(
                FIRST,
                new OverviewPage(
                        new NodeTables(parts.bus(), parts.lanes(), parts.heartbeats()::troubles, metrics),
                        new BudgetTable(metrics),
                        new LogFacts(metrics, parts.store()),
                        parts.isDraining()),
                PageName.STREAMS.path(),
                new StreamsPage(streams),
                PageName.CHANNELS.path(),
                new ChannelsPage(
                        streams,
                        new ChannelRates(parts.store(), parts.clock()),
                        new ChannelSizes(parts.store(), parts.ticker()),
                        parts.clock()),
                PageName.WHY.path(),
                new WhyPage(why),
                ACTIONS,
                actions);
    }

    private static Supplier<List<NodeInfo>> others(@Nullable NodeBus bus) {
        return bus == null
                ? List::of
                : () -> bus.nodes().stream()
                        .filter(node -> node.id() != bus.self().id())
                        .toList();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path == null) { // without the slash, the links of the page would lead elsewhere
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", "eventstream/");
        } else if (path.equals("/style.css")) {
            answer.writeStyle(response);
        } else {
            read(request, response, pages.get(name(path)));
        }
    }

    private void read(HttpServletRequest request, HttpServletResponse response, @Nullable PageSource source)
            throws IOException {
        Map<String, String[]> parameters = request.getParameterMap();
        if (source == null) {
            refuse(request, response, HttpServletResponse.SC_NOT_FOUND, "There is no such page.");
        } else {
            write(request, response, () -> inTurn(() -> source.page(Parameters.of(parameters, source.parameters()))));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String[]> parameters = request.getParameterMap();
        String client = AdminRequest.client(request);
        if (!name(String.valueOf(request.getPathInfo())).equals(ACTIONS)) {
            response.setHeader("Allow", "GET, HEAD");
            refuse(request, response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "This page can only be read.");
        } else if (!actions.areAllowed()) {
            LOGGER.warn("An admin action of {} was refused: eventStream.adminActions is false", client);
            refuse(request, response, HttpServletResponse.SC_FORBIDDEN, "eventStream.adminActions is false.");
        } else if (AdminRequest.isForeign(request)) {
            LOGGER.warn("An admin action was refused: a page of another site made the browser of {} send it", client);
            refuse(request, response, HttpServletResponse.SC_FORBIDDEN, "Pages of other sites may not do this.");
        } else {
            write(request, response, () -> new Outcome(HttpServletResponse.SC_OK, actions.post(parameters, client)));
        }
    }

    private static String name(String path) {
        String name = path.substring(1);
        String base = name.endsWith(PageAnswer.JSON_SUFFIX)
                ? name.substring(0, name.length() - PageAnswer.JSON_SUFFIX.length())
                : name;
        return base.isEmpty() ? FIRST : base;
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, int status, String reason)
            throws IOException {
        answer.write(request, response, status, Page.saying(REFUSED, reason));
    }

    private record Outcome(int status, Page page) {}

    private Outcome inTurn(Supplier<Page> page) {
        try {
            if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new UnavailableException("Others are using these pages; try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("This node is stopping.");
        }
        try {
            return new Outcome(HttpServletResponse.SC_OK, page.get());
        } finally {
            turns.release();
        }
    }

    private void write(HttpServletRequest request, HttpServletResponse response, Supplier<Outcome> make)
            throws IOException {
        Outcome outcome;
        try {
            outcome = make.get();
        } catch (IllegalArgumentException e) {
            outcome = new Outcome(
                    HttpServletResponse.SC_BAD_REQUEST, Page.saying("Not possible", String.valueOf(e.getMessage())));
        } catch (UnavailableException e) {
            outcome = unavailable(String.valueOf(e.getMessage()));
        } catch (EventStoreException e) {
            outcome = unavailable("The log cannot be read: " + e.getMessage());
        } catch (RuntimeException e) {
            LOGGER.error("The admin page {} failed", name(String.valueOf(request.getPathInfo())), e);
            outcome = new Outcome(
                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                    Page.saying("Failed", "The page could not be made; the reason is in the log of this node."));
        }
        answer.write(request, response, outcome.status(), outcome.page());
    }

    private static Outcome unavailable(String reason) {
        return new Outcome(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Page.saying("Not now", reason));
    }
}
