package dev.eventstream.http;

import com.google.common.html.HtmlEscapers;
import com.google.common.io.Resources;
import dev.eventstream.http.Refusals.Cause;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.glassfish.jersey.process.Inflector;

/**
 * Answers requests for a page at the address of a stream with the inspector. The page contains no data, and is the same for everyone:
 * its script opens the stream at the same address with the credentials of the person who looks at it.
 *
 * <p>Thread-safe.
 */
public final class InspectorResource implements Inflector<ContainerRequestContext, Response> {
    /**
     * What it produces. With {@code qs} (JAX-RS, 3.7.2), a client that likes both types equally gets a stream. So only a client
     * that names {@code text/html} and prefers it gets the page, as browsers do when they open an address.
     */
    public static final MediaType TYPE = MediaType.valueOf("text/html;qs=0.1");

    /** The page loads and contacts nothing but this service, runs no script in the HTML, and never reads text as HTML. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Pattern ZERO = Pattern.compile("0(\\.0*)?");
    private static final String HTML = "text/html;charset=utf-8";

    private final RequestOrigin origin;
    private final Refusals refusals;
    private final String files;
    private final String publish;
    private final String page;

    /**
     * @param origin finds out whether a request has bypassed the proxies
     * @param refusals counts the requests that are refused
     * @param files of the page
     * @param publishPath where events are posted; empty if nowhere
     */
    public InspectorResource(RequestOrigin origin, Refusals refusals, ClientFiles files, String publishPath) {
        this.origin = origin;
        this.refusals = refusals;
        this.files = files.directory();
        this.publish = publishPath;
        this.page = read();
    }

    private static String read() {
        try {
            return Resources.toString(Resources.getResource("dev/eventstream/inspector.html"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the inspector's page cannot be read from the jar", e);
        }
    }

    // Jersey 3.1 selects even a type with q=0 if it finds no better one
    private static boolean acceptsHtml(ContainerRequestContext request) {
        return request.getAcceptableMediaTypes().stream()
                .filter(TYPE::isCompatible)
                .anyMatch(type -> !ZERO.matcher(type.getParameters().getOrDefault("q", "1"))
                        .matches());
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        if (origin.sender(request) == RequestOrigin.Sender.REFUSED) {
            refusals.count(Cause.SIGNATURE);
            return Refusal.forbidden();
        }
        if (!acceptsHtml(request)) {
            throw new NotAcceptableException();
        }
        return Response.ok(page(request.getUriInfo().getPath(false)), HTML)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer") // the address may contain a token
                .build();
    }

    private String page(String path) {
        String top = top(path);
        return page.replace("{{files}}", attribute(top + files))
                .replace("{{publish}}", attribute(publish.isEmpty() ? "" : top + publish));
    }

    /**
     * The address of the application, relative to that of the stream and without a slash at the end. A reverse proxy in front may
     * add a prefix of which the service does not know.
     */
    private static String top(String path) {
        String below = path.startsWith("/") ? path.substring(1) : path;
        return "." + "/..".repeat((int) below.chars().filter(c -> c == '/').count());
    }

    private static String attribute(String text) {
        return HtmlEscapers.htmlEscaper().escape(text);
    }
}
