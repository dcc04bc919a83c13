package dev.eventstream.example;

import com.google.common.net.UrlEscapers;
import dev.eventstream.StreamLink;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A room in pages of libraries that show HTML from the server. A page contains the newest messages and the address of the stream that
 * continues after them, so no message is missing or shown twice, however often the page is loaded.
 */
@Path("/with")
@Produces("text/html; charset=utf-8")
public final class LibraryPagesResource {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    private final Chat chat;
    private final String htmx = PagesResource.text("pages/htmx.html");
    private final String turbo = PagesResource.text("pages/turbo.html");

    LibraryPagesResource(Chat chat) {
        this.chat = chat;
    }

    @GET
    @Path("htmx/{room}")
    public Response htmx(@PathParam("room") String room) {
        return page(htmx, Library.HTMX, new Room(room));
    }

    @GET
    @Path("turbo/{room}")
    public Response turbo(@PathParam("room") String room) {
        return page(turbo, Library.TURBO, new Room(room));
    }

    private Response page(String template, Library library, Room room) {
        History history = chat.history(room, library.channel(room));
        StreamLink stream = StreamLink.to(URI.create("/events/"), history.lastEventId(), library.channel(room));
        String nonce = UUID.randomUUID().toString();
        Map<String, String> values = Map.of(
                "room", MessageHtml.escape(room.name()),
                "path", MessageHtml.escape(UrlEscapers.urlPathSegmentEscaper().escape(room.name())),
                "stream", MessageHtml.escape(stream.toString()),
                "messages", MessageHtml.of(history.messages()),
                "nonce", nonce);
        // in one pass, so that a value may contain what looks like a placeholder
        String page = PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
        // Turbo adds its own style sheet, to which it gives the nonce of the page
        return PagesResource.page(page, PagesResource.POLICY + "; style-src 'self' 'nonce-" + nonce + "'");
    }
}
