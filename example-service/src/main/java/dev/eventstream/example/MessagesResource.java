package dev.eventstream.example;

import io.dropwizard.jersey.caching.CacheControl;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The messages of a public room: lists them, or posts one. Anyone may do that, with any name. */
@Path("/rooms/{room}")
@Produces(MediaType.APPLICATION_JSON)
public final class MessagesResource {
    /** The header by which a client may repeat a request whose answer it has not seen (draft-ietf-httpapi-idempotency-key-header). */
    static final String KEY = "Idempotency-Key";

    private final Chat chat;

    MessagesResource(Chat chat) {
        this.chat = chat;
    }

    @GET
    @Path("messages")
    @CacheControl(noStore = true)
    public History history(@PathParam("room") String room) {
        return chat.history(new Room(room));
    }

    /** Returns the stored message, which is also the data of its event. With a key that the room knows, nothing is stored again. */
    @POST
    @Path("messages")
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Message post(
            @PathParam("room") String room,
            @HeaderParam(KEY) @Nullable String key,
            @FormParam("from") @Nullable String from,
            @FormParam("text") @Nullable String text) {
        return chat.post(new Room(room), Draft.of(from, text, key));
    }

    /** Tells the other readers that somebody is writing. */
    @POST
    @Path("typing")
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public void typing(@PathParam("room") String room, @FormParam("from") @Nullable String from) {
        chat.typing(new Room(room), Draft.from(from));
    }
}
