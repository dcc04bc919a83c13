package dev.eventstream.example;

import dev.eventstream.EventStream;
import io.dropwizard.auth.Auth;
import io.dropwizard.auth.basic.BasicCredentials;
import io.dropwizard.jersey.caching.CacheControl;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signs users in to the private rooms, with a cookie, and out. */
@Path("/private/session")
@Produces(MediaType.APPLICATION_JSON)
public final class SignInResource {
    private final Readers readers;
    private final EventStream events;

    SignInResource(Readers readers, EventStream events) {
        this.readers = readers;
        this.events = events;
    }

    /**
     * Who has signed in.
     *
     * @param rooms the private rooms that the user may enter
     */
    public record SignedIn(String name, boolean administrator, List<String> rooms) {}

    @GET
    @CacheControl(noStore = true)
    public SignedIn session(@Auth User user) {
        Permissions permissions = readers.permissions();
        return new SignedIn(user.name(), permissions.isAdministrator(user.name()), permissions.rooms(user.name()));
    }

    /** Gives the browser a cookie. */
    @POST
    @OwnPages.Only
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response signIn(@FormParam("name") @Nullable String name, @FormParam("password") @Nullable String password) {
        if (name == null || password == null) {
            throw wrong();
        }
        User user = readers.passwords()
                .authenticate(new BasicCredentials(name, password))
                .orElseThrow(SignInResource::wrong);
        String token = readers.sessions().begin(user.name());
        return Response.noContent()
                .cookie(SessionCookie.of(token, Sessions.LIFETIME))
                .build();
    }

    // does not tell which of the two is wrong
    private static NotAuthorizedException wrong() {
        return new NotAuthorizedException("the name or the password is wrong", "Session realm=\"example-service\"");
    }

    /** Ends the session, and all streams of the user. Succeeds without a session, too. */
    @DELETE
    @OwnPages.Only
    public Response signOut(@CookieParam(SessionCookie.NAME) @Nullable String token) {
        if (token != null) {
            readers.sessions().user(token).ifPresent(user -> {
                readers.sessions().end(token); // first, so that the streams cannot come back
                events.disconnect(user.name(), "You have signed out.");
            });
        }
        return Response.noContent().cookie(SessionCookie.of("", Duration.ZERO)).build();
    }
}
