package dev.eventstream.http;

import dev.eventstream.channel.Reader;
import io.dropwizard.auth.AuthFilter;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.util.Set;
import org.glassfish.jersey.server.ContainerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks, with the application's Dropwizard auth filter. No credentials means anonymous; credentials that are
 * wrong mean 401, never a silent anonymous.
 *
 * <p>Thread-safe as far as the filter is, which Dropwizard's are.
 */
public final class ReaderAuthentication {
    /** Query parameter with a bearer token (RFC 6750, 2.3), which Dropwizard's OAuth filter reads. */
    static final String ACCESS_TOKEN = "access_token";

    private final @Nullable AuthFilter<?, ?> filter;
    private final boolean accessTokenAllowed;
    private final Set<String> cookies;

    private ReaderAuthentication(@Nullable AuthFilter<?, ?> filter, boolean accessTokenAllowed, Set<String> cookies) {
        this.filter = filter;
        this.accessTokenAllowed = accessTokenAllowed;
        this.cookies = Set.copyOf(cookies);
    }

    /** Everybody is anonymous, whatever they show. */
    public static ReaderAuthentication none() {
        return new ReaderAuthentication(null, false, Set.of());
    }

    /**
     * Whoever the filter accepts; no credentials means anonymous.
     *
     * @param accessTokenAllowed whether a token may stand in the address
     * @param cookies names of the cookies that are credentials, as far as the filter looks at any
     */
    public static ReaderAuthentication with(
            AuthFilter<?, ? extends Principal> filter, boolean accessTokenAllowed, Set<String> cookies) {
        return new ReaderAuthentication(filter, accessTokenAllowed, cookies);
    }

    /**
     * @throws WebApplicationException with the answer for whoever shows wrong credentials
     */
    Reader reader(ContainerRequestContext request) {
        if (filter == null) {
            return Reader.anonymous();
        }
        if (hasAccessToken(request) && !accessTokenAllowed) {
            throw refused("access_token in the address is switched off (eventStream.auth.accessTokenParameter)");
        }
        boolean credentials = showsCredentials(request);
        try {
            filter.filter(request);
        } catch (WebApplicationException e) {
            checkAborted(request);
            if (credentials || e.getResponse().getStatus() != Response.Status.UNAUTHORIZED.getStatusCode()) {
                throw e;
            }
            return Reader.anonymous();
        } catch (IOException e) {
            throw new UncheckedIOException("the auth filter failed", e);
        }
        return authenticated(request, credentials);
    }

    private static Reader authenticated(ContainerRequestContext request, boolean credentials) {
        checkAborted(request);
        Principal principal = request.getSecurityContext().getUserPrincipal();
        if (principal != null) {
            return Reader.of(principal);
        }
        if (credentials) {
            throw refused("the credentials are not accepted");
        }
        return Reader.anonymous();
    }

    private static void checkAborted(ContainerRequestContext request) {
        if (request instanceof ContainerRequest jersey && jersey.getAbortResponse() != null) {
            throw new WebApplicationException(jersey.getAbortResponse());
        }
    }

    private boolean showsCredentials(ContainerRequestContext request) {
        return request.getHeaders().containsKey(HttpHeaders.AUTHORIZATION)
                || hasAccessToken(request)
                || cookies.stream().anyMatch(request.getCookies()::containsKey);
    }

    private static boolean hasAccessToken(ContainerRequestContext request) {
        return request.getUriInfo().getQueryParameters().containsKey(ACCESS_TOKEN);
    }

    private static WebApplicationException refused(String text) {
        return new WebApplicationException(Response.status(Response.Status.UNAUTHORIZED)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(text + "\n")
                .build());
    }
}
