package dev.eventstream.http;

import dev.eventstream.channel.PlainText;
import dev.eventstream.grip.GripSignature;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells requests that came through a GRIP proxy from others, by their {@code Grip-Sig} alone.
 *
 * <p>Thread-safe.
 */
public final class RequestOrigin {
    /** Header with a proxy's signature. */
    static final String SIGNATURE = "Grip-Sig";

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestOrigin.class);
    private static final RateLimitedLog REFUSALS = new RateLimitedLog();
    private static final RateLimitedLog UNCONFIGURED = new RateLimitedLog();

    private final Function<List<String>, GripSignature> signatures;
    private final boolean clientsServed;
    private final @Nullable ProxiedStreams streams;

    private RequestOrigin(
            Function<List<String>, GripSignature> signatures, boolean clientsServed, @Nullable ProxiedStreams streams) {
        this.signatures = signatures;
        this.clientsServed = clientsServed;
        this.streams = streams;
    }

    /** There are no proxies: whatever a request claims, this JVM holds its stream. */
    public static RequestOrigin direct() {
        return new RequestOrigin(headers -> new GripSignature.Absent(), true, null);
    }

    /**
     * Requests of proxies are let in.
     *
     * @param signatures says whose the {@code Grip-Sig} headers of a request are
     * @param clientsServed whether a request that does not come through a proxy gets a direct stream; else it is refused
     * @param streams answers the requests of proxies
     */
    public static RequestOrigin open(
            Function<List<String>, GripSignature> signatures, boolean clientsServed, ProxiedStreams streams) {
        return new RequestOrigin(signatures, clientsServed, streams);
    }

    /** Who sent a request. */
    enum Sender {
        /** A client, whose stream this JVM holds. */
        CLIENT,
        /** A proxy, which holds the stream. */
        PROXY,
        /** Somebody who is not served: the signature is bad, or a client came past the proxies. */
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
            REFUSALS.warn(LOGGER, "A request is refused: its Grip-Sig {}", refused.reason());
            return Sender.REFUSED;
        }
        return clientsServed ? Sender.CLIENT : Sender.REFUSED;
    }

    // such a proxy waits for the end of a direct stream, and its clients get nothing
    private static void warnOfProxy(ContainerRequestContext request) {
        request.getHeaders().keySet().stream()
                .filter(name -> name.regionMatches(true, 0, "Grip-", 0, 5))
                .findFirst()
                .ifPresent(name -> UNCONFIGURED.warn(
                        LOGGER,
                        "A request has the header {}, as from a GRIP proxy, and there is no eventStream.grip: it gets a direct"
                                + " stream, which a proxy may never pass on",
                        PlainText.quote(name)));
    }

    /** What answers the requests of proxies. */
    ProxiedStreams streams() {
        if (streams == null) {
            throw new IllegalStateException("no request is of a proxy's where there are no proxies");
        }
        return streams;
    }
}
