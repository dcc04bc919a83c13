package dev.eventstream.http;

import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.glassfish.jersey.process.Inflector;

/** Serves the browser client that comes with this version. Thread-safe. */
public final class ClientScriptResource implements Inflector<ContainerRequestContext, Response> {
    private static final String TYPE = "text/javascript;charset=utf-8";

    private final byte[] script;
    private final EntityTag tag;

    public ClientScriptResource() {
        try {
            this.script = Resources.toByteArray(Resources.getResource("dev/eventstream/eventstream.js"));
        } catch (IOException e) {
            throw new UncheckedIOException("the browser client cannot be read from the jar", e);
        }
        this.tag = new EntityTag(Hashing.sha256().hashBytes(script).toString().substring(0, 16));
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        CacheControl revalidate = new CacheControl();
        revalidate.setNoCache(true);
        Response.ResponseBuilder unchanged = request.getRequest().evaluatePreconditions(tag);
        Response.ResponseBuilder answer = unchanged == null ? Response.ok(script, TYPE) : unchanged;
        return answer.tag(tag).cacheControl(revalidate).build();
    }
}
