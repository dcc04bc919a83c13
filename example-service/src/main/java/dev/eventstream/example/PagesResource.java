package dev.eventstream.example;

import com.google.common.io.Resources;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The two pages. Both are the same for every user: their scripts read room and user from the address, so no user input is put
 * into HTML here.
 */
@Path("/")
@Produces("text/html; charset=utf-8")
public final class PagesResource {
    private final byte[] start = read("pages/start.html");
    private final byte[] chat = read("pages/chat.html");

    PagesResource() {}

    @GET
    public Response start() {
        return page(start);
    }

    @GET
    @Path("chat/{room}")
    public Response chat(@PathParam("room") String room) {
        Room.requireAllowed(room);
        return page(chat);
    }

    private static Response page(byte[] html) {
        return Response.ok(html)
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .build();
    }

    private static byte[] read(String resource) {
        try {
            return Resources.toByteArray(Resources.getResource(resource));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of this jar", e);
        }
    }
}
