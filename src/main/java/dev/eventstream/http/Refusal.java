package dev.eventstream.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The answers to requests that are not served. Stateless. */
final class Refusal {
    private Refusal() {}

    /** An empty body, so that the server adds no error page. */
    static Response forbidden() {
        return Response.status(Response.Status.FORBIDDEN)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(new byte[0])
                .build();
    }

    /** A page of another site made a browser send the request with a user's credentials. */
    static Response crossSite() {
        return text(
                Response.Status.FORBIDDEN,
                "A page of another site opened this stream with a user's credentials; eventStream.cors does not allow"
                        + " its origin.");
    }

    /** The client resumes from a final error; this makes an EventSource stop. */
    static Response afterError() {
        return text(
                Response.Status.BAD_REQUEST, "The stream ended with a stream-error that reconnecting does not fix.");
    }

    private static Response text(Response.Status status, String text) {
        return Response.status(status)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(text + "\n")
                .build();
    }
}
