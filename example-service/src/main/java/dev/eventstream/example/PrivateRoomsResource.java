package dev.eventstream.example;

import dev.eventstream.EventStream;
import dev.eventstream.presence.Presence;
import io.dropwizard.auth.Auth;
import io.dropwizard.jersey.caching.CacheControl;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The private rooms: messages for members, and members for administrators. Each answer is for a user who has signed in. */
@Path("/private/rooms/{room}")
@Produces(MediaType.APPLICATION_JSON)
public final class PrivateRoomsResource {
    private final Chat chat;
    private final Readers readers;
    private final EventStream events;
    private final String page = PagesResource.text("pages/chat.html");

    PrivateRoomsResource(Chat chat, Readers readers, EventStream events) {
        this.chat = chat;
        this.readers = readers;
        this.events = events;
    }

    /** The page. It contains nothing private: its script loads the messages, if the user may read them. */
    @GET
    @Produces("text/html; charset=utf-8")
    public Response page(@PathParam("room") String name) {
        Room.requireAllowed(name);
        return PagesResource.page(page, PagesResource.POLICY);
    }

    /** A user who is not an administrator, and whether the room is open for that user. */
    public record Member(String name, boolean mayRead) {}

    @GET
    @Path("messages")
    @CacheControl(noStore = true)
    public History history(@Auth User user, @PathParam("room") String name) {
        return chat.history(entered(user, name));
    }

    /** Returns the stored message, which is also the data of its event. Its sender is the user. */
    @POST
    @Path("messages")
    @OwnPages.Only
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Message post(
            @Auth User user,
            @PathParam("room") String name,
            @HeaderParam(MessagesResource.KEY) @Nullable String key,
            @FormParam("text") @Nullable String text) {
        return chat.post(entered(user, name), Draft.of(user.name(), text, key));
    }

    /** Tells the other members that the user is writing. */
    @POST
    @Path("typing")
    @OwnPages.Only
    public void typing(@Auth User user, @PathParam("room") String name) {
        chat.typing(entered(user, name), user.name());
    }

    /** Who is in the room now. */
    @GET
    @Path("presence")
    @CacheControl(noStore = true)
    public Present presence(@Auth User user, @PathParam("room") String name) {
        Presence presence = events.presence(entered(user, name).channel());
        return new Present(presence.readers(), presence.users());
    }

    /** The readers of a room. */
    public record Present(int readers, List<String> users) {}

    @GET
    @Path("members")
    @CacheControl(noStore = true)
    public List<Member> members(@Auth User user, @PathParam("room") String name) {
        Room room = administered(user, name);
        Set<String> members = readers.permissions().members(room.name());
        return readers.passwords().users().stream()
                .filter(other -> !readers.permissions().isAdministrator(other))
                .map(other -> new Member(other, members.contains(other)))
                .toList();
    }

    /** Gives a user the permission to enter. */
    @PUT
    @Path("members/{member}")
    @OwnPages.Only
    public void add(@Auth User user, @PathParam("room") String name, @PathParam("member") String member) {
        change(administered(user, name), member, true);
    }

    /** Takes the permission away, which ends the user's streams of the room. */
    @DELETE
    @Path("members/{member}")
    @OwnPages.Only
    public void remove(@Auth User user, @PathParam("room") String name, @PathParam("member") String member) {
        change(administered(user, name), member, false);
    }

    private void change(Room room, String member, boolean isAllowed) {
        if (!readers.passwords().knows(member)) {
            throw new NotFoundException("there is no such user");
        }
        // the page of the user learns it from a channel that only this user may read
        readers.jdbi().useTransaction(handle -> {
            if (Permissions.change(handle, room, member, isAllowed)) {
                Map<String, Object> permission = Map.of("room", room.name(), "mayRead", isAllowed);
                events.in(handle).send("private-" + member, "permission", permission);
            }
        });
        // after the commit, because every node asks its authorizer
        events.channelPermissionChanged(member, room.channel());
        events.channelPermissionChanged(member, room.typingChannel());
    }

    // the same answer for a room without members, so that nobody learns which rooms exist
    private Room entered(User user, String name) {
        Room room = new Room(name, true);
        if (!readers.permissions().mayEnter(user.name(), name)) {
            throw new ForbiddenException("you may not read this room");
        }
        return room;
    }

    private Room administered(User user, String name) {
        Room room = new Room(name, true);
        if (!readers.permissions().isAdministrator(user.name())) {
            throw new ForbiddenException("only administrators may do that");
        }
        return room;
    }
}
