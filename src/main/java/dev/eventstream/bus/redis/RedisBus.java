package dev.eventstream.bus.redis;

import dev.eventstream.bus.Bus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.resps.StreamEntryBinary;
import redis.clients.jedis.resps.StreamInfo;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Nodes add messages to one Redis stream, which keeps about {@value #MAX_LENGTH} of them, and read it with {@code XREAD}. A node
 * that was disconnected continues where it stopped.
 *
 * <p>Thread-safe.
 */
public final class RedisBus implements Bus {
    /** How many messages the stream keeps, approximately (MAXLEN ~). */
    static final int MAX_LENGTH = 20_000;

    private static final int MAX_READ = 1_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int SOCKET_MILLIS = 5_000;
    private static final byte[] FIELD = {'m'};

    // XREAD, unlike XRANGE, refuses "-", which is Jedis's MINIMUM_ID
    private static final StreamEntryID BEGINNING = new StreamEntryID(0, 0);

    private final HostAndPort server;
    private final JedisClientConfig config;
    private final String key;
    private final AtomicReference<@Nullable StreamEntryID> last = new AtomicReference<>();

    /**
     * @param uri {@code redis://[user:password@]host:port[/database]}, or {@code rediss} for TLS
     * @param key of the stream
     */
    public RedisBus(URI uri, String key) {
        this.server = JedisURIHelper.getHostAndPort(uri);
        this.key = key;
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis(SOCKET_MILLIS)
                .blockingSocketTimeoutMillis(SOCKET_MILLIS)
                .user(JedisURIHelper.getUser(uri))
                .password(JedisURIHelper.getPassword(uri))
                .database(JedisURIHelper.getDBIndex(uri))
                .clientName("eventstream-bus")
                .serverDefaultProtocol(); // otherwise Jedis logs a warning at each connection
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            builder.sslOptions(SslOptions.defaults());
        }
        this.config = builder.build();
    }

    @Override
    public Publisher openPublisher() {
        return new StreamPublisher(connect());
    }

    @Override
    public Receiver openReceiver() {
        Jedis jedis = connect();
        try {
            return begin(jedis);
        } catch (RuntimeException e) {
            jedis.close();
            throw e;
        }
    }

    private Jedis connect() {
        Jedis jedis = new Jedis(server, config);
        try {
            jedis.connect();
            return jedis;
        } catch (RuntimeException e) {
            jedis.close();
            throw e;
        }
    }

    /** Continues after the last message read, if all later ones are still there; otherwise begins after the newest. */
    private Receiver begin(Jedis jedis) {
        if (!jedis.exists(key)) {
            last.set(BEGINNING);
            return new StreamReceiver(jedis, false);
        }
        StreamInfo info = jedis.xinfoStream(key);
        StreamEntryID known = last.get();
        boolean isGapless = known != null
                && known.compareTo(info.getLastGeneratedId()) <= 0
                && info.getFirstEntry() != null
                && info.getFirstEntry().getID().compareTo(known) <= 0;
        if (!isGapless) {
            last.set(info.getLastGeneratedId());
        }
        return new StreamReceiver(jedis, isGapless);
    }

    private byte[] keyBytes() {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private final class StreamPublisher implements Publisher {
        private final Jedis jedis;

        StreamPublisher(Jedis jedis) {
            this.jedis = jedis;
        }

        @Override
        public void publish(byte[] message) {
            jedis.xadd(
                    keyBytes(),
                    XAddParams.xAddParams().maxLen(MAX_LENGTH).approximateTrimming(),
                    Map.of(FIELD, message));
        }

        @Override
        public void close() {
            jedis.close();
        }
    }

    private final class StreamReceiver implements Receiver {
        private final Jedis jedis;
        private final boolean isGapless;

        StreamReceiver(Jedis jedis, boolean isGapless) {
            this.jedis = jedis;
            this.isGapless = isGapless;
        }

        @Override
        public List<byte[]> receive(Duration patience) throws IOException {
            StreamEntryID after = position();
            int millis = Math.max(1, (int) Math.min(patience.toMillis(), SOCKET_MILLIS / 2));
            List<Map.Entry<byte[], List<StreamEntryBinary>>> read = jedis.xreadBinary(
                    XReadParams.xReadParams().block(millis).count(MAX_READ), Map.of(keyBytes(), after));
            if (read == null || read.isEmpty()) {
                return List.of();
            }
            List<StreamEntryBinary> entries = read.get(0).getValue();
            if (entries.size() == MAX_READ && isTrimmed(after)) {
                throw new IOException("this node has read too slowly: the stream no longer contains the next messages");
            }
            List<byte[]> messages =
                    entries.stream().map(StreamReceiver::message).toList();
            last.set(entries.get(entries.size() - 1).getID());
            return messages;
        }

        /** Whether messages after the position may have been removed before they were read. */
        private boolean isTrimmed(StreamEntryID after) {
            StreamEntry first = jedis.xinfoStream(key).getFirstEntry();
            return first == null || first.getID().compareTo(after) > 0;
        }

        private StreamEntryID position() {
            StreamEntryID position = last.get();
            return position == null ? BEGINNING : position;
        }

        // the value of the only field; the node reports an entry that another program has added as unreadable
        private static byte[] message(StreamEntryBinary entry) {
            return entry.getFields().values().stream().findFirst().orElse(new byte[0]);
        }

        @Override
        public boolean isGapless() {
            return isGapless;
        }

        @Override
        public void close() {
            jedis.close();
        }
    }
}
