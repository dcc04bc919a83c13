package dev.eventstream;

/** What is true of streams, whether a proxy or this JVM holds them. Each way to them has a subclass. */
public abstract class StreamContract {
    /** The way that is tested. */
    protected abstract ServedStreams served();

    protected final TestServer server() {
        return served().server();
    }

    protected final EventStream events() {
        return server().events();
    }

    /** Opens a stream as a client does. */
    protected final TestStream stream(String path, String... headers) {
        return served().stream(path, headers);
    }
}
