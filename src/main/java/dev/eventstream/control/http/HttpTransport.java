package dev.eventstream.control.http;

import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.ControlUris;
import dev.eventstream.control.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The HTTP control port of Pushpin (5561), or Fastly Fanout's publishing API.
 *
 * <p>Immutable.
 */
public final class HttpTransport implements Transport {
    /** How long a connection may take: 2 s. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** How long an answer may take: 5 s. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(5);

    /** Longest body that Pushpin takes ({@code push_in_max_body_size}). */
    static final int MAX_BODY_BYTES = 1_000_000;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final URI control;
    private final Supplier<Optional<String>> authorization;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final boolean isProbed;

    private HttpTransport(
            URI control,
            Supplier<Optional<String>> authorization,
            Duration connectTimeout,
            Duration requestTimeout,
            boolean isProbed) {
        this.control = control;
        this.authorization = authorization;
        this.connectTimeout = connectTimeout;
        this.requestTimeout = requestTimeout;
        this.isProbed = isProbed;
    }

    /**
     * To that address, without credentials.
     *
     * @param control such as {@code http://127.0.0.1:5561}; {@code /publish/} is appended to its path
     * @throws IllegalArgumentException if it is no http or https address, or has a user or a fragment
     */
    public static HttpTransport to(URI control) {
        String scheme = String.valueOf(control.getScheme());
        boolean isHttp = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
        if (!isHttp || control.getHost() == null) {
            throw new IllegalArgumentException(
                    "the address of a control port must be http:// or https:// and a host, such as http://127.0.0.1:5561");
        } else if (control.getRawUserInfo() != null || control.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of the control port on host " + control.getHost()
                    + " has a user or a fragment; credentials are given separately");
        }
        return new HttpTransport(control, Optional::empty, DEFAULT_CONNECT_TIMEOUT, DEFAULT_REQUEST_TIMEOUT, true);
    }

    /**
     * With credentials.
     *
     * @param value gives the value of the {@code Authorization} header, for each request anew; on the lane's thread
     */
    public HttpTransport withAuthorization(Supplier<Optional<String>> value) {
        return new HttpTransport(control, value, connectTimeout, requestTimeout, isProbed);
    }

    /** With other limits of time. */
    public HttpTransport withTimeouts(Duration connect, Duration request) {
        return new HttpTransport(control, authorization, connect, request, isProbed);
    }

    /** To something that does not answer {@code GET /} as Pushpin does, such as Fastly: its health is that of its lane. */
    public HttpTransport unprobed() {
        return new HttpTransport(control, authorization, connectTimeout, requestTimeout, false);
    }

    @Override
    public String target() {
        return ControlUris.shown(control);
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
            return () -> new ControlProbe.Finding(ControlProbe.Verdict.UNKNOWN, "cannot be asked how it is");
        }
        return new HttpControlProbe(new HttpRequests(control, authorization, PROBE_TIMEOUT, PROBE_TIMEOUT));
    }

    @Override
    public ControlClient open() {
        return new HttpControlClient(new HttpRequests(control, authorization, connectTimeout, requestTimeout));
    }
}
