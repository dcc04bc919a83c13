package dev.eventstream.doctor;

import com.google.common.base.CharMatcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Checks the way from a client to the service, through everything that is between them, by reading a stream as a client does: whether it is
 * answered, whether its first event arrives at once, and whether it outlives a silence. Stateless, thread-safe.
 */
public final class PathFindings {
    static final String ANSWER = "path-answer";
    static final String BUFFERING = "path-buffering";
    static final String SILENCE = "path-silence";

    /** All checks, in order. The first one that finds something is the last to run. */
    private static final List<String> CHECKS = List.of(ANSWER, BUFFERING, SILENCE);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE_MARGIN = Duration.ofSeconds(10);
    private static final String CREDENTIALS =
            "write the header with the credentials of a client that may read the stream, such"
                    + " as Cookie: …, to a file, and add --headers FILE";
    private static final String PASS_ON = "let the proxies on the way pass each event on at once; nginx does, unless"
            + " proxy_ignore_headers contains X-Accel-Buffering";
    private static final int MAX_SHOWN = 60;
    private static final CharMatcher PRINTABLE = CharMatcher.inRange(' ', '~').or(CharMatcher.is('…'));

    private PathFindings() {}

    /**
     * Reads a stream until its first keep-alive, which takes a little longer than {@code keepAlive}.
     *
     * @param address of a stream, as clients use it
     * @param headers what the client sends with it, such as a cookie
     * @param keepAlive {@code eventStream.keepAlive}
     * @throws IllegalArgumentException if the address or a header cannot be used
     */
    public static void report(Report report, URI address, List<Map.Entry<String, String>> headers, Duration keepAlive)
            throws InterruptedException {
        Optional<Finding> found;
        try (PathProbe probe = PathProbe.open(address, headers)) {
            found = found(probe, address, keepAlive);
        }
        int made = found.map(finding -> CHECKS.indexOf(finding.check()) + 1).orElse(CHECKS.size());
        report.add(CHECKS.subList(0, made), found.stream().toList());
        report.skip(CHECKS.subList(made, CHECKS.size()));
    }

    private static Optional<Finding> found(PathProbe probe, URI address, Duration keepAlive)
            throws InterruptedException {
        Optional<ResponseInfo> head;
        try {
            head = probe.head(ANSWER_LIMIT);
        } catch (ExecutionException e) {
            return Optional.of(unanswered(address + " cannot be reached: " + reason(e)));
        }
        if (head.isEmpty()) {
            return Optional.of(silent(address));
        }
        Optional<Finding> refused = refused(address, head.get());
        return refused.isPresent() ? refused : streaming(probe, address, server(head.get()), keepAlive);
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() instanceof IOException io ? io : e;
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static Finding unanswered(String problem) {
        return Finding.error(
                ANSWER,
                problem,
                "clients get no stream",
                "check the address, its name in DNS, and the proxy or load balancer in front of the service");
    }

    private static Finding silent(URI address) {
        return Finding.error(
                ANSWER,
                address + " has not answered within " + ANSWER_LIMIT.toSeconds() + " s",
                "either the service does not answer, or something on the way holds the answer back until a buffer is full",
                "check that the service runs, and " + PASS_ON);
    }

    private static Optional<Finding> refused(URI address, ResponseInfo head) {
        String type = head.headers().firstValue("Content-Type").orElse("");
        if (head.statusCode() == 200 && type.startsWith("text/event-stream")) {
            return Optional.empty();
        }
        String status = address + " answers with status " + head.statusCode();
        String seen = head.statusCode() == 200 ? status + " and Content-Type \"" + shown(type) + "\"" : status;
        return Optional.of(Finding.error(ANSWER, seen + server(head), "clients get no stream", change(head)));
    }

    private static String change(ResponseInfo head) {
        return switch (head.statusCode()) {
            case 200, 404 -> "give the address of a stream; or let the proxy in front pass this path on to the service";
            case 301, 302, 303, 307, 308 ->
                "give the address to which it leads: \""
                        + shown(head.headers().firstValue("Location").orElse("")) + "\"";
            case 401, 403 -> CREDENTIALS;
            case 502, 503, 504 -> "check that the service runs, and that the proxy in front reaches it";
            default -> "look at the log of the service, and of the proxy in front";
        };
    }

    private static Optional<Finding> streaming(PathProbe probe, URI address, String server, Duration keepAlive)
            throws InterruptedException {
        if (!probe.awaitOpen(OPEN_LIMIT)) {
            return Optional.of(unopened(probe, address, server));
        }
        Duration limit = keepAlive.plus(KEEP_ALIVE_MARGIN);
        if (probe.awaitKeepAlive(limit)) {
            return Optional.empty();
        }
        return Optional.of(probe.life()
                .map(life -> cut(address, server, life, keepAlive))
                .orElseGet(() -> noKeepAlive(address, server, limit)));
    }

    private static Finding unopened(PathProbe probe, URI address, String server) {
        if (!probe.refusal().isEmpty()) {
            return Finding.error(
                    ANSWER,
                    "the service refuses the stream " + address + ": " + probe.refusal(),
                    "clients get no stream",
                    CREDENTIALS);
        }
        return probe.hasEnded() ? empty(address, server) : buffered(address, server);
    }

    private static Finding empty(URI address, String server) {
        return Finding.error(
                ANSWER,
                "the stream " + address + " ended before its first event" + server,
                "clients reconnect all the time",
                "look at the log of the service, and of the proxy in front");
    }

    private static Finding buffered(URI address, String server) {
        return Finding.error(
                BUFFERING,
                "the first event of " + address + " has not arrived within " + OPEN_LIMIT.toSeconds() + " s" + server,
                "something on the way holds events back until a buffer is full",
                PASS_ON);
    }

    private static Finding cut(URI address, String server, Duration life, Duration keepAlive) {
        return Finding.error(
                SILENCE,
                "the stream " + address + " ended after " + life.plusMillis(500).toSeconds()
                        + " s, before its first keep-alive" + server,
                "something on the way closes connections that are silent for less than eventStream.keepAlive, "
                        + keepAlive.toSeconds() + " s, so clients reconnect all the time",
                "set a shorter eventStream.keepAlive, or let it wait longer (nginx: proxy_read_timeout)");
    }

    private static Finding noKeepAlive(URI address, String server, Duration limit) {
        return Finding.error(
                SILENCE,
                "no keep-alive of " + address + " has arrived within " + limit.toSeconds() + " s" + server,
                "clients take a stream for dead and reconnect all the time; something on the way holds events back, or the"
                        + " service has another eventStream.keepAlive",
                "let the proxies on the way pass each event on at once, and run the doctor with the service's own configuration");
    }

    /** Names the server that answered, because it may be a proxy that nobody thinks of. */
    private static String server(ResponseInfo head) {
        return head.headers()
                .firstValue("Server")
                .map(name -> "; the answer is from \"" + shown(name) + "\"")
                .orElse("");
    }

    private static String shown(String text) {
        String shortened = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
        return PRINTABLE.negate().replaceFrom(shortened, '?');
    }
}
