package dev.eventstream.recipe;

import dev.eventstream.EventStream;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.auth.chained.ChainedAuthFilter;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/** Signs users in: a page gets a cookie, other clients send the same token as a bearer token, and programs send name and password. */
@Path("/session")
public final class SignIn {
    private static final String COOKIE = "session";
    private static final Duration LIFETIME = Duration.ofHours(8);

    /** A user, whose credentials expire. */
    public record User(String name, Instant expires) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    private final BiPredicate<String, String> passwords; // yours: whether a user has this password
    private final EventStream events;
    private final Map<String, User> sessions = new ConcurrentHashMap<>(); // several nodes need a table instead

    public SignIn(BiPredicate<String, String> passwords, EventStream events) {
        this.passwords = passwords;
        this.events = events;
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    public Response signIn(@FormParam("name") String name, @FormParam("password") String password) {
        if (name == null || password == null || !passwords.test(name, password)) {
            throw new NotAuthorizedException("Bearer");
        }
        String token = UUID.randomUUID().toString(); // from a SecureRandom
        User user = new User(name, Instant.now().plus(LIFETIME));
        sessions.put(token, user);
        return Response.ok(Map.of("token", token, "expiresAt", user.expires().toEpochMilli()))
                .cookie(cookie(token, LIFETIME))
                .build();
    }

    @DELETE
    public Response signOut(@CookieParam(COOKIE) String token) {
        User user = token == null ? null : sessions.remove(token);
        if (user != null) {
            events.disconnect(user.name(), "You have signed out.");
        }
        return Response.noContent().cookie(cookie("", Duration.ZERO)).build();
    }

    private static NewCookie cookie(String token, Duration lifetime) {
        return new NewCookie.Builder(COOKIE)
                .value(token)
                .path("/")
                .maxAge((int) lifetime.toSeconds())
                .httpOnly(true) // scripts cannot read it
                .secure(true) // browsers send it over HTTPS, and to localhost
                .sameSite(NewCookie.SameSite.LAX) // pages of other sites cannot send it with a POST
                .build();
    }

    /** For {@code builder().authFilter(…)} and, if your own resources use {@code @Auth}, an AuthDynamicFeature. */
    public AuthFilter<?, User> filter() {
        AuthFilter<?, User> basic = new BasicCredentialAuthFilter.Builder<User>()
                .setAuthenticator(shown -> passwords.test(shown.getUsername(), shown.getPassword())
                        ? Optional.of(new User(shown.getUsername(), Instant.MAX))
                        : Optional.empty())
                .buildAuthFilter();
        AuthFilter<?, User> bearer = new OAuthCredentialAuthFilter.Builder<User>()
                .setAuthenticator(this::signedIn)
                .setPrefix("Bearer")
                .buildAuthFilter();
        AuthFilter<?, User> cookie =
                new CookieFilter.Builder().setAuthenticator(this::signedIn).buildAuthFilter();
        return new ChainedAuthFilter<>(List.of(basic, bearer, cookie));
    }

    private Optional<User> signedIn(String token) {
        Optional<User> user = Optional.ofNullable(sessions.get(token));
        return user.filter(found -> found.expires().isAfter(Instant.now()));
    }

    /** Reads the cookie, as Dropwizard's filters read a header. */
    private static final class CookieFilter extends AuthFilter<String, User> {
        @Override
        public void filter(ContainerRequestContext request) {
            Cookie cookie = request.getCookies().get(COOKIE);
            if (!authenticate(request, cookie == null ? null : cookie.getValue(), "COOKIE")) {
                throw unauthorizedHandler.buildException(prefix, realm);
            }
        }

        private static final class Builder extends AuthFilterBuilder<String, User, CookieFilter> {
            @Override
            protected CookieFilter newInstance() {
                return new CookieFilter();
            }
        }
    }
}
