package dev.eventstream.control.http;

import com.google.common.base.Ticker;
import dev.eventstream.control.ControlAccess;
import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlCredentials;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.Transport;
import java.net.URI;
import java.time.Duration;

/**
 * The HTTP control port of Pushpin (5561), or Fastly Fanout's publishing API.
 *
 * <p>Immutable.
 *
 * @param access the address, to whose path {@code /publish/} is appended, and the credentials
 * @param connectTimeout longest time for a connection
 * @param requestTimeout longest time for an answer
 * @param isProbed whether {@code GET /} is answered as Pushpin does; Fastly does not
 */
public record HttpTransport(ControlAccess access, Duration connectTimeout, Duration requestTimeout, boolean isProbed)
        implements Transport {
    /** Longest time for a connection: 2 s. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Longest time for an answer: 5 s. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(5);

    /** Longest body that Pushpin takes ({@code push_in_max_body_size}). */
    static final int MAX_BODY_BYTES = 1_000_000;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    /** A probed transport with the default timeouts. */
    public static HttpTransport to(ControlAccess access) {
        return new HttpTransport(access, DEFAULT_CONNECT_TIMEOUT, DEFAULT_REQUEST_TIMEOUT, true);
    }

    /**
     * The same, without credentials.
     *
     * @param control such as {@code http://127.0.0.1:5561}
     * @throws IllegalArgumentException if that is not the address of a control port
     */
    public static HttpTransport to(URI control) {
        return to(new ControlAccess(control, ControlCredentials.none()));
    }

    /** The same with other timeouts. */
    public HttpTransport withTimeouts(Duration connect, Duration request) {
        return new HttpTransport(access, connect, request, isProbed);
    }

    /** The same for a server that does not answer {@code GET /} as Pushpin does: its health is that of its lane. */
    public HttpTransport unprobed() {
        return new HttpTransport(access, connectTimeout, requestTimeout, false);
    }

    @Override
    public URI target() {
        return access.shown();
    }

    @Override
    public int maxItemBytes() {
        return MAX_BODY_BYTES - HttpControlClient.ENVELOPE_BYTES;
    }

    @Override
    public boolean isUnacknowledged() {
        return false;
    }

    @Override
    public ControlProbe probe() {
        if (!isProbed) {
            return () -> new ControlProbe.Finding(ControlProbe.Verdict.UNKNOWN, "cannot be probed");
        }
        return new HttpControlProbe(new HttpRequests(access, PROBE_TIMEOUT, PROBE_TIMEOUT));
    }

    @Override
    public ControlClient open(Ticker ticker) {
        return new HttpControlClient(new HttpRequests(access, connectTimeout, requestTimeout));
    }
}
