package dev.eventstream.example;

import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.Authenticator;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Identifies users by the cookie of their session, as Dropwizard's filters do by a header. Thread-safe. */
final class SessionCookie extends AuthFilter<String, User> {
    static final String NAME = "session";

    /** Browsers send the cookie to these addresses only. So one that has expired does not make the public streams answer 401. */
    private static final String PATH = "/private";

    private SessionCookie() {}

    static AuthFilter<String, User> filter(Authenticator<String, User> sessions) {
        return new Builder()
                .setAuthenticator(sessions)
                .setPrefix("Session") // with Basic, browsers would ask for a password in a window
                .setRealm("example-service")
                .buildAuthFilter();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Cookie cookie = request.getCookies().get(NAME);
        if (!authenticate(request, value(cookie), "COOKIE")) {
            throw unauthorizedHandler.buildException(prefix, realm);
        }
    }

    private static @Nullable String value(@Nullable Cookie cookie) {
        return cookie == null ? null : cookie.getValue();
    }

    /** A cookie for a browser to keep; with no lifetime, the browser deletes the one that it has. */
    static NewCookie of(String token, Duration lifetime) {
        return new NewCookie.Builder(NAME)
                .value(token)
                .path(PATH)
                .maxAge((int) lifetime.toSeconds())
                .httpOnly(true) // scripts cannot read it
                .secure(true) // browsers send it over HTTPS, and to this machine
                .sameSite(NewCookie.SameSite.LAX) // pages of other sites cannot send it with a POST
                .build();
    }

    private static final class Builder extends AuthFilterBuilder<String, User, SessionCookie> {
        @Override
        protected SessionCookie newInstance() {
            return new SessionCookie();
        }
    }
}
