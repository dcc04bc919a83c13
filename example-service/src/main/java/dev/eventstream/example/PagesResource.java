package dev.eventstream.example;

import com.google.common.io.Resources;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The pages that are the same for every user: their scripts read room and user from the address, so no user input is put into HTML
 * here.
 */
@Path("/")
@Produces("text/html; charset=utf-8")
public final class PagesResource {
    /** Loads nothing from other hosts, and runs no script within the HTML. */
    static final String POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final String start = text("pages/start.html");
    private final String rooms = text("pages/rooms.html");
    private final String chat = text("pages/chat.html");
    private final String signIn;
    private final String prove;
    private final String prices = text("pages/prices.html");

    /**
     * @param supervision what pages can ask {@code ./run} for; empty if something else has started the service
     * @param hasDemoAccounts whether the users are those of the reference configuration, whose passwords everybody knows
     */
    PagesResource(Optional<Supervision> supervision, boolean hasDemoAccounts) {
        signIn = Template.of("pages/private.html")
                .with(Map.of("demo", hasDemoAccounts ? text("pages/demo-accounts.html") : ""));
        prove = Template.of("pages/prove.html").with(shown(supervision));
    }

    private static Map<String, String> shown(Optional<Supervision> supervision) {
        return Map.of(
                "supervised", hiddenUnless(supervision.isPresent()),
                "one", hiddenUnless(supervision.filter(run -> run.nodes() == 1).isPresent()),
                "several",
                        hiddenUnless(supervision.filter(run -> run.nodes() > 1).isPresent()),
                "pushpin", hiddenUnless(supervision.filter(Supervision::proxied).isPresent()));
    }

    private static String hiddenUnless(boolean isShown) {
        return isShown ? "" : " hidden";
    }

    @GET
    public Response start() {
        return page(start, POLICY);
    }

    @GET
    @Path("chat")
    public Response rooms() {
        return page(rooms, POLICY);
    }

    @GET
    @Path("chat/{room}")
    public Response chat(@PathParam("room") String room) {
        Room.requireAllowed(room);
        return page(chat, POLICY);
    }

    @GET
    @Path("private")
    public Response signIn() {
        return page(signIn, POLICY);
    }

    @GET
    @Path("prove")
    public Response prove() {
        return page(prove, POLICY);
    }

    @GET
    @Path("prices")
    public Response prices() {
        return page(prices, POLICY);
    }

    /** @param policy what the page may load and run */
    static Response page(String html, String policy) {
        return Response.ok(html)
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", policy)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .build();
    }

    /** A file in this jar. */
    static String text(String resource) {
        try {
            return Resources.toString(Resources.getResource(resource), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of this jar", e);
        }
    }
}
