package dev.eventstream.control.zmq;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Reads from Pushpin's statistics ({@code stats_spec}) how many streams subscribe to each channel.
 *
 * <p>Pushpin reports at once when a channel gets its first subscriber or loses its last one, and other changes within about three
 * seconds. It repeats each count after 45 s. Within the first minute of a connection, counts may be missing (1.36, measured).
 *
 * <p>Confined to one thread, which calls {@link #round} repeatedly; {@link #close} follows the last round.
 */
public final class ZmqStats {
    private static final Logger LOGGER = LoggerFactory.getLogger(ZmqStats.class);

    /** Counts that can wait in the socket; if more arrive at once, some are late until Pushpin repeats them. */
    private static final int HIGH_WATER_MARK = 200_000;

    private static final int PATIENCE_MILLIS = 500;
    private static final String COUNT = "sub ";
    private static final String REPORT = "report ";

    private final URI address;
    private final Listener listener;
    private @Nullable ZmqConnection connection;
    private boolean hasWarned;

    /** Receives what Pushpin reports. Called on the thread of the rounds; must not block. */
    public interface Listener {
        /**
         * A channel has subscribers.
         *
         * @param process the Pushpin process that counts
         * @param subscribers 0 if there are none
         */
        void counted(String process, String channel, int subscribers);

        /** The Pushpin process is alive. */
        void heard(String process);

        /** Whether there is a connection; called in each round. */
        void connected(boolean isConnected);
    }

    /**
     * @throws IllegalArgumentException if the address is not {@code tcp://host:port}
     * @throws IllegalStateException if jeromq is not on the class path
     */
    public ZmqStats(URI address, Listener listener) {
        this.address = ZmqTransport.checked(address);
        this.listener = listener;
    }

    /** Passes on what has arrived; waits up to half a second for it. */
    public void round() {
        ZmqConnection open = connection;
        if (open == null) {
            open = open();
            connection = open;
        }
        listener.connected(open.isConnected());
        byte[] message = open.socket().recv(0);
        while (message != null) {
            read(message);
            message = open.socket().recv(ZMQ.DONTWAIT);
        }
    }

    private ZmqConnection open() {
        ZmqConnection opened = new ZmqConnection(SocketType.SUB, address);
        opened.socket().setReceiveTimeOut(PATIENCE_MILLIS);
        opened.socket().setRcvHWM(HIGH_WATER_MARK);
        opened.socket().subscribe(COUNT.getBytes(StandardCharsets.US_ASCII));
        opened.socket().subscribe(REPORT.getBytes(StandardCharsets.US_ASCII));
        return opened;
    }

    private void read(byte[] message) {
        int start = new String(message, StandardCharsets.ISO_8859_1).indexOf(' ') + 1;
        Optional<Map<String, Tnetstring>> fields = start < message.length && message[start] == 'T'
                ? Tnetstring.parse(Arrays.copyOfRange(message, start + 1, message.length))
                        .flatMap(Tnetstring::dictionary)
                : Optional.empty();
        if (fields.isPresent()) {
            pass(message[0] == COUNT.charAt(0), fields.get());
        } else if (!hasWarned) {
            hasWarned = true;
            LOGGER.warn(
                    "The statistics of Pushpin at {} cannot be read, so its readers are not counted; stats_format must be"
                            + " tnetstring, which is the default",
                    address);
        }
    }

    private void pass(boolean isCount, Map<String, Tnetstring> fields) {
        String process = text(fields, "from");
        if (!isCount) {
            listener.heard(process);
        } else if (text(fields, "mode").equals("stream")) {
            boolean isGone =
                    fields.getOrDefault("unavailable", Tnetstring.NOTHING).isTrue();
            int subscribers = isGone
                    ? 0
                    : fields.getOrDefault("subscribers", Tnetstring.NOTHING)
                            .number()
                            .orElse(0);
            listener.counted(process, text(fields, "channel"), subscribers);
        }
    }

    private static String text(Map<String, Tnetstring> fields, String name) {
        return fields.getOrDefault(name, Tnetstring.NOTHING).text().orElse("");
    }

    /** Closes the connection. */
    public void close() {
        ZmqConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
