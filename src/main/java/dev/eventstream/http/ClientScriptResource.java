package dev.eventstream.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.glassfish.jersey.process.Inflector;

/**
 * Serves files for browsers that come with this version: the browser client or the inspector. Thread-safe.
 *
 * <p>An address that names the content ({@link ClientFiles#path}) is cached for a year. Browsers check all others on each use. If a page of
 * another version asks for content that this node does not have, because nodes are being replaced, it gets this node's content,
 * unless its browser has the other one in its cache.
 */
public final class ClientScriptResource implements Inflector<ContainerRequestContext, Response> {
    /** The part of the path that is the name of a file. */
    public static final String FILE = "file";

    /** The part of the path that names the content. */
    public static final String DIGEST = "digest";

    private static final int YEAR_SECONDS = 31_536_000;

    private final ClientFiles files;
    private final String preset;
    private final EntityTag tag;

    /**
     * @param preset the file that is served if the path does not name one
     */
    public ClientScriptResource(ClientFiles files, String preset) {
        this.files = files;
        this.preset = preset;
        this.tag = new EntityTag(files.digest());
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        String name = part(request, FILE).orElse(preset);
        Optional<byte[]> content = files.content(name);
        if (content.isEmpty()) {
            return Response.status(Response.Status.NOT_FOUND).build();
        }
        Response.ResponseBuilder unchanged = request.getRequest().evaluatePreconditions(tag);
        Response.ResponseBuilder answer = unchanged == null ? Response.ok(content.get(), type(name)) : unchanged;
        return answer.tag(tag)
                .cacheControl(caching(
                        part(request, DIGEST).filter(files.digest()::equals).isPresent()))
                .build();
    }

    private static String type(String name) {
        return name.endsWith(".map")
                ? "application/json"
                : name.endsWith(".css") ? "text/css;charset=utf-8" : "text/javascript;charset=utf-8";
    }

    private static CacheControl caching(boolean isNamed) {
        CacheControl caching = new CacheControl();
        caching.setNoTransform(false); // proxies may compress it
        if (isNamed) {
            caching.setMaxAge(YEAR_SECONDS);
            caching.getCacheExtension().put("immutable", "");
        } else {
            caching.setNoCache(true);
        }
        return caching;
    }

    private static Optional<String> part(ContainerRequestContext request, String name) {
        return Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst(name));
    }
}
