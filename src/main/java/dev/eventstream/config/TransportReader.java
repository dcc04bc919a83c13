package dev.eventstream.config;

import static dev.eventstream.config.ProxyKeys.at;

import dev.eventstream.channel.PlainText;
import dev.eventstream.control.ControlAccess;
import dev.eventstream.control.ControlCredentials;
import dev.eventstream.control.Transport;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.control.zmq.ZmqTransport;
import dev.eventstream.grip.key.SigningKey;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the way to a proxy's control port: {@code transport}, the address that belongs to it, and the credentials.
 *
 * <p>Confined to one thread.
 */
final class TransportReader {
    private static final String FASTLY = "api.fastly.com";
    private static final String ZMQ_ADDRESS = "allowed is an address such as tcp://127.0.0.1:5560";

    private final ProxyKeys keys;
    private final ProxyFactory block;
    private final Clock clock;

    TransportReader(ProxyKeys keys, Clock clock) {
        this.keys = keys;
        this.block = keys.block();
        this.clock = clock;
    }

    /**
     * Reads it. Opens nothing.
     *
     * @throws IllegalArgumentException if a key is missing, not allowed, or belongs to another transport
     */
    Transport read() {
        refuseKeysOfOtherTransports();
        return switch (block.getTransport()) {
            case ProxyFactory.HTTP -> http(access());
            case ProxyFactory.ZMQ_PUSH -> withCommand(ZmqTransport.push(zmq("pushUri", block.getPushUri())));
            case ProxyFactory.ZMQ_PUB -> withCommand(ZmqTransport.pub(zmq("pubUri", block.getPubUri())));
            default -> throw new IllegalArgumentException("transport is " + PlainText.quote(block.getTransport()));
        };
    }

    /**
     * Reads the address of the proxy's statistics; null if none is given.
     *
     * @throws IllegalArgumentException if it is not allowed
     */
    @Nullable
    URI readStats() {
        return block.getStatsUri() == null ? null : zmq("statsUri", block.getStatsUri());
    }

    /** Whether that is the publishing API of Fastly Fanout. */
    static boolean isFastly(URI control) {
        return FASTLY.equals(control.getHost());
    }

    private void refuseKeysOfOtherTransports() {
        boolean isHttp = block.getTransport().equals(ProxyFactory.HTTP);
        refuseIf(!isHttp && block.getUrl() != null, "url");
        refuseIf(!isHttp && block.getControlUri() != null, "controlUri");
        refuseIf(!isHttp && block.getControlIss() != null, "controlIss");
        refuseIf(!isHttp && block.getControlKey() != null, "controlKey");
        refuseIf(!block.getTransport().equals(ProxyFactory.ZMQ_PUSH) && block.getPushUri() != null, "pushUri");
        refuseIf(!block.getTransport().equals(ProxyFactory.ZMQ_PUB) && block.getPubUri() != null, "pubUri");
        refuseIf(isHttp && block.getCommandUri() != null, "commandUri");
    }

    private void refuseIf(boolean isWrong, String key) {
        if (isWrong) {
            throw new IllegalArgumentException(key + " does not go with transport " + block.getTransport());
        }
    }

    private HttpTransport http(ControlAccess access) {
        HttpTransport transport = HttpTransport.to(access)
                .withTimeouts(
                        block.getConnectTimeout().toJavaDuration(),
                        block.getRequestTimeout().toJavaDuration());
        return isFastly(access.uri()) ? transport.unprobed() : transport;
    }

    private ControlAccess access() {
        String uri = keys.values().controlUri();
        if (uri.isEmpty()) {
            throw new IllegalArgumentException(
                    "url or controlUri is missing; allowed is the address of the proxy's control port, such as"
                            + " http://127.0.0.1:5561");
        }
        ControlCredentials credentials = credentials();
        return at(block.getUrl() == null ? "controlUri" : "url", () -> ControlAccess.of(uri, credentials));
    }

    private @Nullable ControlCredentials credentials() {
        String issuer = keys.values().issuer();
        String key = keys.values().key();
        if (key == null && issuer != null) {
            throw new IllegalArgumentException(
                    keys.place("controlIss", "iss") + " is set, but there is no key to sign with");
        } else if (key == null) {
            return null;
        }
        return at(
                keys.place("controlKey", "key"),
                () -> issuer == null
                        ? ControlCredentials.bearer(key)
                        : ControlCredentials.jwt(issuer, SigningKey.parse(key), clock));
    }

    private ZmqTransport withCommand(ZmqTransport transport) {
        return block.getCommandUri() == null
                ? transport
                : transport.withCommand(zmq("commandUri", block.getCommandUri()));
    }

    private static URI zmq(String key, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing; " + ZMQ_ADDRESS);
        }
        URI uri = at(key, () -> ConfiguredUri.parse(value, ZMQ_ADDRESS, "tcp"));
        if (uri.getPort() < 0 || !uri.getRawPath().isEmpty()) {
            throw new IllegalArgumentException(key + " is " + PlainText.quote(value) + "; " + ZMQ_ADDRESS);
        }
        return uri;
    }
}
