package dev.eventstream.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The answer to requests that are not served: 403 with an empty body, so that the server adds no error page. Stateless. */
final class Refusal {
    private Refusal() {}

    static Response forbidden() {
        return Response.status(Response.Status.FORBIDDEN)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(new byte[0])
                .build();
    }
}
