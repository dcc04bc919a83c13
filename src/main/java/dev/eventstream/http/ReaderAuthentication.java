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
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.glassfish.jersey.server.ContainerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the reader of a request with the application's Dropwizard auth filter. A request without credentials is
 * anonymous. Wrong credentials mean 401, never anonymous.
 *
 * <p>Thread-safe if the filter is; Dropwizard's are.
 */
public final class ReaderAuthentication {
    /** Query parameter with a bearer token (RFC 6750, 2.3), which Dropwizard's OAuth filter reads. */
    static final String ACCESS_TOKEN = "access_token";

    /** The challenge of a 401 unless the filter sends one (RFC 9110, 11.6.1); Basic would open a dialog in browsers. */
    static final String CHALLENGE = "Bearer realm=\"events\"";

    private final @Nullable AuthFilter<?, ?> filter;
    private final boolean accessTokenAllowed;
    private final Set<String> cookies;
    private final Set<String> headers;
    private final Function<? super Principal, Instant> validUntil;
    private final Clock clock;

    private ReaderAuthentication(
            @Nullable AuthFilter<?, ?> filter,
            boolean accessTokenAllowed,
            Set<String> cookies,
            Set<String> headers,
            Function<? super Principal, Instant> validUntil,
            Clock clock) {
        this.filter = filter;
        this.accessTokenAllowed = accessTokenAllowed;
        this.cookies = Set.copyOf(cookies);
        this.headers = Set.copyOf(headers);
        this.validUntil = validUntil;
        this.clock = clock;
    }

    /** Every reader is anonymous, whatever the request contains. */
    public static ReaderAuthentication none(Clock clock) {
        return new ReaderAuthentication(null, false, Set.of(), Set.of(), principal -> Instant.MAX, clock);
    }

    /**
     * Readers are the principals that the filter accepts.
     *
     * @param accessTokenAllowed whether the address may contain a token
     * @param cookies names of the cookies that the filter reads as credentials
     * @param headers names of headers with credentials, besides {@code Authorization}
     * @param validUntil tells when a principal's credentials expire
     * @param clock tells whether they have expired
     */
    public static ReaderAuthentication with(
            AuthFilter<?, ? extends Principal> filter,
            boolean accessTokenAllowed,
            Set<String> cookies,
            Set<String> headers,
            Function<? super Principal, Instant> validUntil,
            Clock clock) {
        return new ReaderAuthentication(filter, accessTokenAllowed, cookies, headers, validUntil, clock);
    }

    /**
     * When the reader's credentials expire.
     *
     * @throws WebApplicationException if they have expired
     */
    Instant validUntil(Reader reader) {
        Instant until = reader.principal().<Instant>map(validUntil).orElse(Instant.MAX);
        if (!clock.instant().isBefore(until)) {
            throw refused("the credentials have expired");
        }
        return until;
    }

    /**
     * Identifies the reader.
     *
     * @throws WebApplicationException with the answer if the credentials are wrong or unreadable
     */
    Reader reader(ContainerRequestContext request) {
        if (filter == null) {
            return Reader.anonymous();
        }
        checkCookies(request);
        if (hasAccessToken(request) && !accessTokenAllowed) {
            throw refused("access_token in the address is not allowed (eventStream.auth.accessTokenParameter)");
        }
        boolean credentials = showsCredentials(request);
        try {
            filter.filter(request);
        } catch (WebApplicationException e) {
            checkAborted(request);
            if (credentials || !isUnauthorized(e.getResponse())) {
                throw withChallenge(e);
            }
            return Reader.anonymous();
        } catch (IOException e) {
            throw new UncheckedIOException("the auth filter failed", e);
        }
        return authenticated(request, credentials);
    }

    /** Whether the exception means that the application's filter failed, not that it refuses the reader. */
    static boolean isFailure(WebApplicationException e) {
        return e.getResponse().getStatusInfo().getFamily() == Response.Status.Family.SERVER_ERROR;
    }

    // Jersey 3.1 reads $Version with Integer.parseInt (CookiesParser), so a client could make every filter fail
    private static void checkCookies(ContainerRequestContext request) {
        try {
            request.getCookies();
        } catch (RuntimeException e) {
            throw new WebApplicationException(
                    e,
                    Response.status(Response.Status.BAD_REQUEST)
                            .type(MediaType.TEXT_PLAIN_TYPE)
                            .entity("The Cookie header cannot be read.\n")
                            .build());
        }
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
            throw withChallenge(new WebApplicationException(jersey.getAbortResponse()));
        }
    }

    private static boolean isUnauthorized(Response response) {
        return response.getStatus() == Response.Status.UNAUTHORIZED.getStatusCode();
    }

    private static WebApplicationException withChallenge(WebApplicationException e) {
        Response response = e.getResponse();
        return isUnauthorized(response) && !response.getHeaders().containsKey(HttpHeaders.WWW_AUTHENTICATE)
                ? new WebApplicationException(
                        e,
                        Response.fromResponse(response)
                                .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE)
                                .build())
                : e;
    }

    private boolean showsCredentials(ContainerRequestContext request) {
        return request.getHeaders().containsKey(HttpHeaders.AUTHORIZATION)
                || hasAccessToken(request)
                || headers.stream().anyMatch(request.getHeaders()::containsKey)
                || cookies.stream().anyMatch(request.getCookies()::containsKey);
    }

    private static boolean hasAccessToken(ContainerRequestContext request) {
        return request.getUriInfo().getQueryParameters().containsKey(ACCESS_TOKEN);
    }

    private static WebApplicationException refused(String text) {
        return new WebApplicationException(Response.status(Response.Status.UNAUTHORIZED)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE)
                .entity(text + "\n")
                .build());
    }
}
