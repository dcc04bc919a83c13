package dev.eventstream.config;

import dev.eventstream.channel.PlainText;
import dev.eventstream.control.LaneLimits;
import dev.eventstream.control.ProxySettings;
import dev.eventstream.control.Transport;
import java.net.URI;
import java.time.Clock;
import java.util.regex.Pattern;

/**
 * Reads a proxy's block. Each message begins with a key of the block, or with {@code url:} and a parameter, and quotes no
 * secret.
 *
 * <p>Confined to one thread.
 */
final class ProxyReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final ProxyFactory block;
    private final Clock clock;

    ProxyReader(ProxyFactory block, Clock clock) {
        this.block = block;
        this.clock = clock;
    }

    /** Reads the proxy. Opens nothing. */
    GripProxy read() {
        ProxyKeys keys = ProxyKeys.of(block);
        TransportReader reader = new TransportReader(keys, clock);
        Transport transport = reader.read();
        URI publicUri = block.deliveryCheck()
                .map(check -> ProxyKeys.at("deliveryCheck.publicUri", check::buildPublicUri))
                .orElse(null);
        String name = name(transport.target());
        return new GripProxy(
                new TrustReader(keys).read(name, TransportReader.isFastly(transport.target())),
                new ProxySettings(name, transport).withLimits(limits()),
                publicUri,
                reader.readStats());
    }

    private String name(URI target) {
        String given = block.getName();
        if (given == null) {
            String address = target.getPort() < 0 ? target.getHost() : target.getHost() + '-' + target.getPort();
            return address.replaceAll("[^A-Za-z0-9._-]", "-");
        } else if (!NAME.matcher(given).matches()) {
            throw new IllegalArgumentException(
                    "name is " + PlainText.quote(given) + "; allowed are 1 to 100 letters, digits, '-', '_' and '.'");
        }
        return given;
    }

    private LaneLimits limits() {
        return LaneLimits.DEFAULT
                .withQueue(block.getMaxQueuedEvents(), block.getMaxQueuedBytes())
                .withBatch(block.getMaxBatchItems(), block.getMaxBatchBytes())
                .withMinInterval(block.getMinInterval().toJavaDuration());
    }
}
