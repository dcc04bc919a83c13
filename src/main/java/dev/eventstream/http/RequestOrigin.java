package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.channel.PlainText;
import dev.eventstream.grip.GripSignature;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distinguishes requests that came through a GRIP proxy from others. Only a valid {@code Grip-Sig} marks a request as proxied.
 *
 * <p>Thread-safe.
 */
public final class RequestOrigin {
    /** Header with a proxy's signature. */
    static final String SIGNATURE = "Grip-Sig";

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestOrigin.class);

    private final Function<List<String>, GripSignature> signatures;
    private final boolean clientsServed;
    private final @Nullable ProxiedStreams streams;
    private final RateLimitedLog warnings;

    private RequestOrigin(
            Function<List<String>, GripSignature> signatures,
            boolean clientsServed,
            @Nullable ProxiedStreams streams,
            Ticker ticker) {
        this.warnings = new RateLimitedLog(ticker);
        this.signatures = signatures;
        this.clientsServed = clientsServed;
        this.streams = streams;
    }

    /**
     * For an application without proxies: this JVM holds every stream, whatever a request claims.
     *
     * @param ticker limits the rate of warnings
     */
    public static RequestOrigin direct(Ticker ticker) {
        return new RequestOrigin(headers -> new GripSignature.Absent(), true, null, ticker);
    }

    /**
     * For an application behind proxies.
     *
     * @param signatures verifies the {@code Grip-Sig} headers of a request
     * @param clientsServed whether a request that does not come through a proxy gets a direct stream; otherwise it is refused
     * @param streams answers the requests of proxies
     * @param ticker limits the rate of warnings
     */
    public static RequestOrigin open(
            Function<List<String>, GripSignature> signatures,
            boolean clientsServed,
            ProxiedStreams streams,
            Ticker ticker) {
        return new RequestOrigin(signatures, clientsServed, streams, ticker);
    }

    /** The sender of a request. */
    enum Sender {
        /** A client, whose stream this JVM holds. */
        CLIENT,
        /** A proxy, which holds the stream. */
        PROXY,
        /** A request that is not served: its signature is bad, or it bypassed the proxies. */
        REFUSED
    }

    Sender sender(ContainerRequestContext request) {
        if (streams == null) {
            warnOfProxy(request);
        }
        GripSignature signature = signatures.apply(request.getHeaders().getOrDefault(SIGNATURE, List.of()));
        if (signature instanceof GripSignature.By) {
            return Sender.PROXY;
        } else if (signature instanceof GripSignature.Refused refused) {
            warnings.warn(LOGGER, "A request is refused: its Grip-Sig {}", refused.reason());
            return Sender.REFUSED;
        }
        return clientsServed ? Sender.CLIENT : Sender.REFUSED;
    }

    // such a proxy waits until a direct stream ends, and its clients get nothing
    private void warnOfProxy(ContainerRequestContext request) {
        request.getHeaders().keySet().stream()
                .filter(name -> name.regionMatches(true, 0, "Grip-", 0, 5))
                .findFirst()
                .ifPresent(name -> warnings.warn(
                        LOGGER,
                        "A request has the header {}, which a GRIP proxy sends, but eventStream.grip is not configured: the"
                                + " request gets a direct stream, which a proxy may never pass on",
                        PlainText.quote(name)));
    }

    /** Answers the requests of proxies. */
    ProxiedStreams streams() {
        if (streams == null) {
            throw new IllegalStateException("there are no proxies, so no request can come from one");
        }
        return streams;
    }
}
