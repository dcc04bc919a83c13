package dev.eventstream;

/** A service, and one of the ways to its streams: directly, or through a proxy. */
public interface ServedStreams {
    TestServer server();

    /** Opens a stream as a client does. */
    TestStream stream(String path, String... headers);
}
