package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.eventstream.bus.Bus;
import dev.eventstream.bus.redis.RedisBus;
import dev.eventstream.channel.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** {@code bus: {type: redis}}: a Redis stream. */
@JsonTypeName("redis")
public final class RedisBusFactory implements BusFactory {
    private static final String ALLOWED =
            "; allowed is redis://[user:password@]host:port[/database], or rediss for TLS";
    private static final int MAX_KEY_LENGTH = 255;

    @JsonProperty
    private String uri = "redis://127.0.0.1:6379";

    @JsonProperty
    private String key = "eventstream";

    @Override
    public Optional<Bus> build(Setup setup) {
        Library.require("redis.clients.jedis.Jedis", "eventStream.bus 'redis'", "redis.clients:jedis");
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH || !PlainText.isPlain(key)) {
            throw new IllegalArgumentException("eventStream.bus.key is " + PlainText.quote(key) + "; allowed are 1 to "
                    + MAX_KEY_LENGTH + " characters without control characters");
        }
        return Optional.of(new RedisBus(address(), key));
    }

    // the messages do not quote the address, because it may contain a password
    private URI address() {
        try {
            URI address = new URI(uri);
            boolean isRedis = "redis".equals(address.getScheme()) || "rediss".equals(address.getScheme());
            if (isRedis && address.getHost() != null && address.getPort() > 0 && address.getPort() <= 65_535) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "eventStream.bus.uri is malformed at character " + e.getIndex() + ALLOWED);
        }
        throw new IllegalArgumentException("eventStream.bus.uri is not a Redis address" + ALLOWED);
    }
}
