package dev.eventstream.example;

import io.dropwizard.jersey.caching.CacheControl;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the nodes, and leaves requests for {@code ./run} to kill one or to restart Pushpin. Registered only if {@code ./run} has started
 * the service.
 */
@Path("/nodes")
@Produces(MediaType.APPLICATION_JSON)
public final class NodesResource {
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private final Supervision supervision;
    private final NodeFiles files;

    NodesResource(Supervision supervision, NodeFiles files) {
        this.supervision = supervision;
        this.files = files;
    }

    @GET
    @CacheControl(noStore = true)
    public List<NodeFiles.Node> nodes() {
        return files.nodes();
    }

    /**
     * Asks for a node to be killed. It comes back by itself.
     *
     * @param site what a browser sends with each request; pages of other sites cannot change it
     * @throws ForbiddenException if the request does not come from a page of this service
     * @throws NotFoundException if there is no such node
     */
    @POST
    @Path("{number}/kill")
    public void kill(@PathParam("number") String number, @HeaderParam(FETCH_SITE) @Nullable String site) {
        requireOwnPage(site);
        files.askToKill(files.nodes().stream()
                .map(NodeFiles.Node::number)
                .filter(node -> Integer.toString(node).equals(number))
                .findFirst()
                .orElseThrow(
                        () -> new NotFoundException("there is no such node; allowed is 1 to " + supervision.nodes())));
    }

    /**
     * Asks for Pushpin to be restarted.
     *
     * @throws ForbiddenException if the request does not come from a page of this service
     * @throws NotFoundException if Pushpin does not run
     */
    @POST
    @Path("pushpin/restart")
    public void restartPushpin(@HeaderParam(FETCH_SITE) @Nullable String site) {
        requireOwnPage(site);
        if (!supervision.proxied()) {
            throw new NotFoundException("Pushpin does not run; start ./run with --pushpin");
        }
        files.askToRestartProxy();
    }

    private static void requireOwnPage(@Nullable String site) {
        if (!"same-origin".equals(site)) {
            throw new ForbiddenException("only the pages of this service may do that");
        }
    }
}
