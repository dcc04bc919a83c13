package dev.eventstream.example;

import io.dropwizard.jersey.caching.CacheControl;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The messages of a room: lists them, or posts one. Public, as the rooms are. */
@Path("/rooms/{room}/messages")
@Produces(MediaType.APPLICATION_JSON)
public final class MessagesResource {
    private final Chat chat;

    MessagesResource(Chat chat) {
        this.chat = chat;
    }

    @GET
    @CacheControl(noStore = true)
    public History history(@PathParam("room") String room) {
        return chat.history(new Room(room));
    }

    /** Returns the stored message, which is also the data of its event. */
    @POST
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Message post(
            @PathParam("room") String room,
            @FormParam("from") @Nullable String from,
            @FormParam("text") @Nullable String text) {
        return chat.post(new Room(room), Draft.of(from, text));
    }
}
