package dev.eventstream.admin;

import dev.eventstream.admin.page.HtmlPage;
import dev.eventstream.admin.page.JsonPage;
import dev.eventstream.admin.page.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Writes pages to responses: as JSON if the client prefers that, otherwise as HTML. Nothing may be cached, framed, or loaded from anywhere
 * else, and there are no scripts.
 *
 * <p>Thread-safe.
 */
final class PageAnswer {
    /** Ends the address of a page as JSON. */
    static final String JSON_SUFFIX = ".json";

    private static final String JSON_TYPE = "application/json";
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';" + " frame-ancestors 'none'";
    private static final String STYLE = "/dev/eventstream/admin.css";

    private final HtmlPage html;

    /** @param navigation the titles of the pages, by their names */
    PageAnswer(Map<String, String> navigation) {
        this.html = new HtmlPage(navigation);
    }

    void write(HttpServletRequest request, HttpServletResponse response, int status, Page page) throws IOException {
        boolean isJson = wantsJson(request);
        String body = isJson ? JsonPage.write(page) : html.write(page);
        protect(response);
        response.setStatus(status);
        response.setHeader("Vary", "Accept");
        response.setContentType(isJson ? JSON_TYPE : "text/html;charset=utf-8");
        response.setCharacterEncoding("utf-8");
        response.getWriter().print(body);
    }

    private static boolean wantsJson(HttpServletRequest request) {
        String path = request.getPathInfo();
        String accept = String.valueOf(request.getHeader("Accept"));
        return (path != null && path.endsWith(JSON_SUFFIX))
                || (accept.contains(JSON_TYPE) && !accept.contains("text/html"));
    }

    void writeStyle(HttpServletResponse response) throws IOException {
        protect(response);
        response.setContentType("text/css;charset=utf-8");
        try (InputStream style = PageAnswer.class.getResourceAsStream(STYLE)) {
            if (style == null) {
                throw new IllegalStateException(STYLE + " is not in the jar");
            }
            style.transferTo(response.getOutputStream());
        }
    }

    // with no-referrer, a browser would send "Origin: null" with the forms of these pages
    private static void protect(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", POLICY);
    }
}
