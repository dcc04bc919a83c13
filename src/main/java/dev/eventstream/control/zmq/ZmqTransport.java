package dev.eventstream.control.zmq;

import com.google.common.base.Ticker;
import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.Transport;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A ZeroMQ control port of Pushpin. It needs {@code org.zeromq:jeromq} (MPL-2.0), which an application that uses it must declare
 * as a dependency.
 *
 * <p>ZeroMQ does not acknowledge. When the connection breaks, the channels of the last seconds are hinted.
 *
 * <p>Immutable.
 */
public final class ZmqTransport implements Transport {
    private static final String LIBRARY = "org.zeromq.ZContext";

    private enum Pattern {
        PUSH,
        PUB
    }

    private final Pattern pattern;
    private final URI address;
    private final @Nullable URI command;

    private ZmqTransport(Pattern pattern, URI address, @Nullable URI command) {
        this.pattern = pattern;
        this.address = address;
        this.command = command;
    }

    /**
     * A transport to Pushpin's PULL socket ({@code push_in_spec}, 5560), which gets every event.
     *
     * @throws IllegalArgumentException if the address is not {@code tcp://host:port}
     * @throws IllegalStateException if jeromq is not on the class path
     */
    public static ZmqTransport push(URI address) {
        return new ZmqTransport(Pattern.PUSH, checked(address), null);
    }

    /**
     * A transport to Pushpin's SUB socket ({@code push_in_sub_specs}, 5562), which gets the events of channels with clients.
     *
     * @throws IllegalArgumentException if the address is not {@code tcp://host:port}
     * @throws IllegalStateException if jeromq is not on the class path
     */
    public static ZmqTransport pub(URI address) {
        return new ZmqTransport(Pattern.PUB, checked(address), null);
    }

    /**
     * With Pushpin's command socket ({@code command_spec}, 5563), which answers: then its health can be told, and a lane that
     * lost too much can have it ask for everything.
     */
    public ZmqTransport withCommand(URI commandAddress) {
        return new ZmqTransport(pattern, address, checked(commandAddress));
    }

    static URI checked(URI address) {
        requireLibrary(ZmqTransport.class.getClassLoader());
        if (!String.valueOf(address.getScheme()).equalsIgnoreCase("tcp")
                || address.getHost() == null
                || address.getPort() < 0
                || address.getRawUserInfo() != null
                || !address.getRawPath().isEmpty()
                || address.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "the address of a ZeroMQ socket must be tcp://HOST:PORT, such as tcp://127.0.0.1:5560");
        }
        return address;
    }

    static void requireLibrary(ClassLoader loader) {
        try {
            Class<?> unused = Class.forName(LIBRARY, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "a proxy is reached over ZeroMQ, but org.zeromq:jeromq is not on the class path; add it to the application's"
                            + " dependencies (0.6.0 is tested), or reach the proxy over http",
                    e);
        }
    }

    @Override
    public URI target() {
        return address;
    }

    @Override
    public int maxItemBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isUnacknowledged() {
        return true;
    }

    @Override
    public ControlProbe probe() {
        return command == null ? new TcpProbe(address) : new ZmqProbe(new ZmqCommands(command));
    }

    @Override
    public ControlClient open(Ticker ticker) {
        return pattern == Pattern.PUSH
                ? new ZmqPushControlClient(address, recovery())
                : new ZmqPubControlClient(address, recovery(), ticker);
    }

    private ZmqRecovery recovery() {
        return command == null ? ZmqRecovery.NONE : new ZmqCommands(command)::recover;
    }
}
