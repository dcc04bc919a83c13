package dev.eventstream.config;

import dev.eventstream.channel.PlainText;
import dev.eventstream.control.ControlAccess;
import dev.eventstream.control.ControlCredentials;
import dev.eventstream.control.LaneLimits;
import dev.eventstream.control.ProxySettings;
import dev.eventstream.control.Transport;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.control.zmq.ZmqTransport;
import dev.eventstream.grip.GripUrl;
import dev.eventstream.grip.TrustedProxy;
import dev.eventstream.grip.key.SigningKey;
import dev.eventstream.grip.key.VerifyKey;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a proxy's block what it stands for. Every message begins with a key of the block, or with {@code url:} and a
 * parameter, and quotes no secret.
 *
 * <p>Confined to one thread.
 */
final class ProxyReader {
    private static final String FASTLY = "api.fastly.com";
    private static final String ZMQ_ADDRESS = "allowed is one such as tcp://127.0.0.1:5560";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final ProxyFactory block;
    private final Clock clock;
    private final GripUrl text;

    ProxyReader(ProxyFactory block, Clock clock) {
        this.block = block;
        this.clock = clock;
        this.text = text(block);
    }

    GripProxy read() {
        checkTransport();
        ControlEndpoint endpoint = endpoint();
        URI publicUri = block.deliveryCheck()
                .map(check -> at("deliveryCheck.publicUri", check::buildPublicUri))
                .orElse(null);
        String name = name(endpoint);
        ProxySettings lane = new ProxySettings(name, transport(endpoint)).withLimits(limits());
        return new GripProxy(trusted(name, endpoint), endpoint, lane, publicUri);
    }

    private Transport transport(ControlEndpoint endpoint) {
        if (endpoint instanceof ControlEndpoint.Http http) {
            HttpTransport to = HttpTransport.to(http.uri())
                    .withAuthorization(http.access().credentials()::authorization)
                    .withTimeouts(
                            block.getConnectTimeout().toJavaDuration(),
                            block.getRequestTimeout().toJavaDuration());
            return FASTLY.equals(http.uri().getHost()) ? to.unprobed() : to;
        } else if (endpoint instanceof ControlEndpoint.ZmqPush push) {
            return withCommand(ZmqTransport.push(push.uri()), push.command());
        }
        ControlEndpoint.ZmqPub pub = (ControlEndpoint.ZmqPub) endpoint;
        return withCommand(ZmqTransport.pub(pub.uri()), pub.command());
    }

    private static ZmqTransport withCommand(ZmqTransport transport, @Nullable URI command) {
        return command == null ? transport : transport.withCommand(command);
    }

    private LaneLimits limits() {
        return LaneLimits.DEFAULT
                .withQueue(block.getMaxQueuedEvents(), block.getMaxQueuedBytes())
                .withBatch(block.getMaxBatchItems(), block.getMaxBatchBytes())
                .withMinInterval(block.getMinInterval().toJavaDuration());
    }

    /** What is said in the URL or in keys of its own. */
    private static GripUrl text(ProxyFactory block) {
        String url = block.getUrl();
        if (url == null) {
            String uri = block.getControlUri() == null ? "" : block.getControlUri();
            return new GripUrl(
                    uri, block.getControlIss(), block.getControlKey(), block.getVerifyIss(), block.getVerifyKey());
        }
        refuseBesideUrl("controlUri", block.getControlUri());
        refuseBesideUrl("controlIss", block.getControlIss());
        refuseBesideUrl("controlKey", block.getControlKey());
        GripUrl parts = at("url", () -> GripUrl.parse(url));
        return new GripUrl(
                parts.controlUri(),
                parts.issuer(),
                parts.key(),
                one("verifyIss", block.getVerifyIss(), parts.verifyIssuer()),
                one("verifyKey", block.getVerifyKey(), parts.verifyKey()));
    }

    private static void refuseBesideUrl(String key, @Nullable String value) {
        if (value != null) {
            throw new IllegalArgumentException(key + " stands beside url, which says the same; keep one of them");
        }
    }

    private static @Nullable String one(String key, @Nullable String own, @Nullable String inUrl) {
        if (own != null && inUrl != null) {
            throw new IllegalArgumentException(key + " stands beside url, which has it too; keep one of them");
        }
        return own == null ? inUrl : own;
    }

    private void checkTransport() {
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

    private ControlEndpoint endpoint() {
        return switch (block.getTransport()) {
            case ProxyFactory.HTTP -> new ControlEndpoint.Http(access());
            case ProxyFactory.ZMQ_PUSH -> new ControlEndpoint.ZmqPush(zmq("pushUri", block.getPushUri()), command());
            case ProxyFactory.ZMQ_PUB -> new ControlEndpoint.ZmqPub(zmq("pubUri", block.getPubUri()), command());
            default -> throw new IllegalArgumentException("transport is " + PlainText.quote(block.getTransport()));
        };
    }

    private @Nullable URI command() {
        return block.getCommandUri() == null ? null : zmq("commandUri", block.getCommandUri());
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

    private ControlAccess access() {
        if (text.controlUri().isEmpty()) {
            throw new IllegalArgumentException(
                    "url or controlUri is missing; allowed is the address of the proxy's control port, such as"
                            + " http://127.0.0.1:5561");
        }
        ControlCredentials credentials = credentials();
        return at(
                block.getUrl() == null ? "controlUri" : "url", () -> ControlAccess.of(text.controlUri(), credentials));
    }

    private @Nullable ControlCredentials credentials() {
        String issuer = text.issuer();
        String key = text.key();
        if (key == null && issuer != null) {
            throw new IllegalArgumentException(where("controlIss", "iss", null) + " is there, but no key to sign with");
        } else if (key == null) {
            return null;
        }
        return at(
                where("controlKey", "key", null),
                () -> issuer == null
                        ? ControlCredentials.bearer(key)
                        : ControlCredentials.jwt(issuer, SigningKey.parse(key), clock));
    }

    private String name(ControlEndpoint endpoint) {
        String given = block.getName();
        if (given == null) {
            URI uri = endpoint.uri();
            String address = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + '-' + uri.getPort();
            return address.replaceAll("[^A-Za-z0-9._-]", "-");
        } else if (!NAME.matcher(given).matches()) {
            throw new IllegalArgumentException("name is " + PlainText.quote(given)
                    + "; allowed are 1 to 100 of letters, digits, '-', '_' and '.'");
        }
        return given;
    }

    private TrustedProxy trusted(String name, ControlEndpoint endpoint) {
        if (block.isTrustUnsigned()) {
            refuseBesideTrust("verifyKey", text.verifyKey());
            refuseBesideTrust("verifyIss", text.verifyIssuer());
            return new TrustedProxy(name, null, null);
        }
        VerifyKey key = verifyKey(endpoint)
                .orElseThrow(() ->
                        new IllegalArgumentException("verifyKey is missing: anybody could claim to be this proxy; give"
                                + " the key that it signs with (Pushpin's sig_key), or trustUnsigned: true if nobody but the proxy can"
                                + " reach this application"));
        return at(
                where("verifyIss", "verify-iss", block.getVerifyIss()),
                () -> new TrustedProxy(name, key, text.verifyIssuer()));
    }

    private static void refuseBesideTrust(String key, @Nullable String value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    key + " is there, and trustUnsigned: true lets it mean nothing; keep one of them");
        }
    }

    private Optional<VerifyKey> verifyKey(ControlEndpoint endpoint) {
        String verify = text.verifyKey();
        if (verify != null) {
            return Optional.of(checked(where("verifyKey", "verify-key", block.getVerifyKey()), verify));
        } else if (FASTLY.equals(endpoint.uri().getHost())) {
            return Optional.of(VerifyKey.fastlyFanout());
        } else if (text.issuer() != null && text.key() != null) {
            return SigningKey.parse(text.key()).shared().map(key -> checked(where("controlKey", "key", null), key));
        }
        return Optional.empty();
    }

    private static VerifyKey checked(String where, String text) {
        return checked(where, at(where, () -> VerifyKey.parse(text)));
    }

    private static VerifyKey checked(String where, VerifyKey key) {
        return at(where, () -> {
            if (key.isShared()) {
                Secrets.checkShared(
                        "eventStream.grip.proxies[]: " + where, key.key().getEncoded());
            }
            return key;
        });
    }

    private String where(String key, String parameter, @Nullable String own) {
        return own == null && block.getUrl() != null ? "url: " + parameter : key;
    }

    private static <T> T at(String key, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        }
    }
}
