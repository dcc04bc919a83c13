package dev.eventstream.command;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.Proxies;
import dev.eventstream.control.ProxyHealth;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame.StreamError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Ends streams that proxies hold, from a program that ends soon. Each call takes as long as the slowest proxy, but not longer than the lanes
 * may take to send what is left.
 *
 * <p>Confined to one thread. May be used once.
 */
public final class ProxyKicks {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MILLIS = 10;

    private final Proxies proxies;
    private final Executor threads;

    /**
     * @param proxies have not been started
     * @param threads has a thread for each proxy
     */
    public ProxyKicks(Proxies proxies, Executor threads) {
        this.proxies = proxies;
        this.threads = threads;
    }

    /**
     * Ends all streams of a user.
     *
     * @return the health of each proxy after that; those that are failing may not have ended them
     */
    List<ProxyHealth> disconnect(String user, String reason) throws InterruptedException {
        return run(() -> proxies.disconnect(user, EventStreamEncoder.encode(StreamError.disconnected(reason))));
    }

    /**
     * Has each proxy ask the nodes about its streams of a channel; a node ends those whose reader may not read it.
     *
     * @return the health of each proxy after that; those that are failing may not have asked
     */
    List<ProxyHealth> question(ChannelName channel) throws InterruptedException {
        return run(() -> proxies.question(channel));
    }

    private List<ProxyHealth> run(Runnable kick) throws InterruptedException {
        proxies.start(threads);
        awaitStart(); // a lane that is stopped before its thread runs sends nothing
        kick.run();
        proxies.stop();
        return proxies.health();
    }

    private void awaitStart() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (long waited = 0; waited < START_TIMEOUT.toMillis() && !isRunning(); waited += LOOK_EVERY_MILLIS) {
            boolean unused = never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isRunning() {
        return proxies.health().stream().allMatch(proxy -> proxy.lane().isRunning());
    }
}
