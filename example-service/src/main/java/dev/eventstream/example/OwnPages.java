package dev.eventstream.example;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;

/**
 * Refuses a request that a page of another site has made in a user's browser, with 403. Browsers add the user's cookie by themselves,
 * and state where the page comes from: {@code Sec-Fetch-Site}, or at least {@code Origin}. Programs send neither, and pass. Stateless,
 * thread-safe.
 */
@OwnPages.Only
final class OwnPages implements ContainerRequestFilter {
    /** Marks the resource methods to which it applies: those that change something. */
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface Only {}

    @Override
    public void filter(ContainerRequestContext request) {
        if (!isOwn(request)) {
            throw new ForbiddenException("only the pages of this service may do that");
        }
    }

    private static boolean isOwn(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeaderString("Origin");
        String host = request.getHeaderString(HttpHeaders.HOST);
        return origin == null || (host != null && isOf(origin.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT)));
    }

    private static boolean isOf(String origin, String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}
