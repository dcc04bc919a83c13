package dev.eventstream.example;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response.Status;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Refuses a form that is longer than any message, before it is read into memory: with 413, or with 411 if its length is
 * unknown. Stateless, thread-safe.
 */
@FormLimit.Limited
final class FormLimit implements ContainerRequestFilter {
    /** 2,000 characters of four bytes, each byte percent-encoded, plus room for the other field. */
    private static final int MAX_BYTES = 32 * 1024;

    /** Marks the resource methods to which the limit applies. */
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface Limited {}

    @Override
    public void filter(ContainerRequestContext request) {
        int bytes = request.getLength();
        if (bytes > MAX_BYTES) {
            throw new ClientErrorException(
                    "the form has " + bytes + " bytes; allowed are " + MAX_BYTES, Status.REQUEST_ENTITY_TOO_LARGE);
        }
        if (bytes < 0 && request.hasEntity()) {
            throw new ClientErrorException("the form needs a Content-Length", Status.LENGTH_REQUIRED);
        }
    }
}
