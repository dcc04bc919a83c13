package dev.eventstream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * How a reader requests its stream. Immutable.
 *
 * @param headers names and values, alternately
 */
record Opening(URI uri, List<String> headers) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // so that a cut ends a connection
            .connectTimeout(TestReader.PATIENCE)
            .build();

    Opening {
        headers = List.copyOf(headers);
        if (headers.size() % 2 != 0) {
            throw new IllegalArgumentException(
                    "the header " + headers.get(headers.size() - 1) + " has no value; names and values must alternate");
        }
    }

    /**
     * The address of a path on this machine.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash, or is not encoded as in an address
     */
    static URI uri(int port, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + path
                    + "\" does not begin with a slash; allowed are paths such as /events?channel=orders");
        }
        return URI.create("http://localhost:" + port + path);
    }

    /** Sends the request, and waits for the head of the answer. */
    HttpResponse<InputStream> send(String lastEventId) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(TestReader.PATIENCE).header("Accept", "text/event-stream");
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new AssertionError(this + " could not be opened", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(this + " could not be opened, because the thread was interrupted", e);
        }
    }

    /** Names the address, without the headers, which may contain credentials. */
    @Override
    public String toString() {
        return "the stream " + uri;
    }
}
