package dev.eventstream.control.http;

import dev.eventstream.channel.PlainText;
import dev.eventstream.control.ControlAccess;
import dev.eventstream.control.ControlException;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP/1.1 requests to one control port. One time limit covers connection, answer and the answer's body.
 *
 * <p>Thread-safe. Responses are processed on the HTTP client's selector thread.
 */
final class HttpRequests {
    private static final int KEPT_OF_ANSWER = 256;

    private final HttpClient http;
    private final ControlAccess access;
    private final Duration connectTimeout;
    private final Duration requestTimeout;

    HttpRequests(ControlAccess access, Duration connectTimeout, Duration requestTimeout) {
        this.access = access;
        this.connectTimeout = connectTimeout;
        this.requestTimeout = requestTimeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(Runnable::run)
                .build();
    }

    /**
     * An answer.
     *
     * @param text the beginning of its body
     */
    record Answer(int status, String text) {
        boolean isGood() {
            return status >= 200 && status < 300;
        }

        /** The answer for a message. Its text comes from the proxy or from something in between, so it is quoted. */
        String shown() {
            String line = text.strip();
            return "answers " + status + (line.isEmpty() ? "" : " " + PlainText.quote(line));
        }
    }

    /** POSTs JSON to a path below the control address. The length is always stated, because Pushpin refuses chunks. */
    Answer post(String path, byte[] body) throws ControlException, InterruptedException {
        return send(HttpRequest.newBuilder(access.below(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** GETs the root of the control server. */
    Answer getRoot() throws ControlException, InterruptedException {
        return send(HttpRequest.newBuilder(access.root()).GET());
    }

    private Answer send(HttpRequest.Builder request) throws ControlException, InterruptedException {
        access.credentials().authorization().ifPresent(value -> request.header("Authorization", value));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> response = http.sendAsync(
                request.timeout(requestTimeout).build(),
                BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(
                        bytes -> text.write(bytes, 0, Math.min(bytes.length, KEPT_OF_ANSWER - text.size())))));
        try {
            Duration limit = connectTimeout.plus(requestTimeout);
            int status = response.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return new Answer(status, text.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ControlException(ControlException.Reason.UNAVAILABLE, describe(cause), cause);
        } catch (TimeoutException e) {
            throw new ControlException(ControlException.Reason.UNAVAILABLE, "does not finish its answer", e);
        } finally {
            response.cancel(true);
        }
    }

    private String describe(Throwable failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return "accepts no connection within " + connectTimeout.toMillis() + " ms";
        } else if (failure instanceof HttpTimeoutException) {
            return "does not answer within " + requestTimeout.toMillis() + " ms";
        } else if (failure.getCause() instanceof UnresolvedAddressException
                || failure instanceof UnknownHostException) {
            return "has a host name that cannot be resolved";
        } else if (failure instanceof ConnectException) {
            return "refuses the connection";
        }
        return "breaks the connection (" + failure.getClass().getSimpleName() + ")";
    }
}
