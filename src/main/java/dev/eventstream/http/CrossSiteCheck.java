package dev.eventstream.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests with credentials that a page of another site has made in a user's browser. A browser adds cookies by itself,
 * and states where the page comes from: {@code Sec-Fetch-Site} (Fetch Metadata), or at least {@code Origin}. Other programs send
 * neither, and pass.
 *
 * <p>Thread-safe.
 */
public final class CrossSiteCheck {
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String ORIGIN = "Origin";
    private static final String ALL = "*";

    /** The page is of the same origin, or there is none, because the user has typed the address. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final Set<String> allowedOrigins;
    private final boolean cookiesAllowed;
    private final Meter refused;

    /**
     * @param allowedOrigins the origins whose pages may read streams; {@code *} for all
     * @param cookiesAllowed whether the pages may use credentials that a browser adds by itself
     */
    public CrossSiteCheck(Set<String> allowedOrigins, boolean cookiesAllowed, MetricRegistry registry) {
        this.allowedOrigins = Set.copyOf(allowedOrigins);
        this.cookiesAllowed = cookiesAllowed;
        this.refused = registry.meter("eventstream.refused.cross-site");
    }

    /** Whether to refuse a request that has credentials. */
    boolean refuses(ContainerRequestContext request) {
        if (isOwn(request) || isAllowed(request)) {
            return false;
        }
        refused.mark();
        return true;
    }

    private static boolean isOwn(ContainerRequestContext request) {
        String site = request.getHeaderString(FETCH_SITE);
        if (site != null) {
            return OWN.contains(site);
        }
        String origin = request.getHeaderString(ORIGIN);
        return origin == null || isHost(origin, request.getHeaderString(HttpHeaders.HOST));
    }

    // older browsers send an Origin with each POST
    private static boolean isHost(String origin, @Nullable String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return host != null
                && (lower.equals("https://" + host.toLowerCase(Locale.ROOT))
                        || lower.equals("http://" + host.toLowerCase(Locale.ROOT)));
    }

    private boolean isAllowed(ContainerRequestContext request) {
        String origin = request.getHeaderString(ORIGIN);
        if (origin == null) {
            return false;
        }
        return allowedOrigins.contains(origin)
                ? cookiesAllowed || showsToken(request)
                : allowedOrigins.contains(ALL) && showsToken(request);
    }

    /** Whether the request has credentials that a page adds itself. */
    private static boolean showsToken(ContainerRequestContext request) {
        return request.getHeaders().containsKey(HttpHeaders.AUTHORIZATION)
                || request.getUriInfo().getQueryParameters().containsKey(ReaderAuthentication.ACCESS_TOKEN);
    }
}
