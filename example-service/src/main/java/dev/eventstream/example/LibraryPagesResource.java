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

/**
 * A room in pages of libraries that show HTML from the server. A page contains the newest messages and the address of the stream that
 * continues after them, so no message is missing or shown twice, however often the page is loaded.
 */
@Path("/with")
@Produces("text/html; charset=utf-8")
public final class LibraryPagesResource {
    private final Chat chat;
    private final Template htmx = Template.of("pages/htmx.html");
    private final Template turbo = Template.of("pages/turbo.html");

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

    private Response page(Template template, Library library, Room room) {
        History history = chat.history(room, library.channel(room));
        StreamLink stream = StreamLink.to(URI.create("/events/"), history.lastEventId(), library.channel(room));
        String nonce = UUID.randomUUID().toString();
        Map<String, String> values = Map.of(
                "room", MessageHtml.escape(room.name()),
                "path", MessageHtml.escape(UrlEscapers.urlPathSegmentEscaper().escape(room.name())),
                "stream", MessageHtml.escape(stream.toString()),
                "messages", MessageHtml.of(history.messages()),
                "nonce", nonce);
        // Turbo adds its own style sheet, to which it gives the nonce of the page
        return PagesResource.page(
                template.with(values), PagesResource.POLICY + "; style-src 'self' 'nonce-" + nonce + "'");
    }
}
