package dev.eventstream.admin;

import dev.eventstream.channel.PlainText;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request on the admin port says about its sender. Stateless. */
final class AdminRequest {
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private AdminRequest() {}

    /**
     * Whether a page of another site made an operator's browser send the request. Browsers send both headers with every POST from a page of
     * another site; programs such as curl send neither.
     */
    static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        return (site != null && !OWN_SITE.contains(site))
                || (origin != null && !isOwn(origin, request.getHeader("Host")));
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    /** The client and, if the operator's own protection names one, the user; for the log. */
    static String client(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return request.getRemoteAddr() + (user == null ? "" : " (" + PlainText.quote(user.getName()) + ')');
    }
}
