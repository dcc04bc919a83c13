package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A transport to nowhere that records its items, and throws on demand. Thread-safe. */
final class FailingTransport implements Transport {
    private final List<ProxyItem> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicReference<@Nullable Error> next = new AtomicReference<>();
    private final AtomicBoolean interrupts = new AtomicBoolean();
    private volatile @Nullable Error every;
    private volatile @Nullable Error opening;

    void failNextPublish(Error error) {
        next.set(error);
    }

    void failEveryPublish(@Nullable Error error) {
        every = error;
    }

    void failToOpen(@Nullable Error error) {
        opening = error;
    }

    void interruptNextPublish() {
        interrupts.set(true);
    }

    List<ProxyItem> published() {
        return published;
    }

    int opened() {
        return opened.get();
    }

    @Override
    public URI target() {
        return URI.create("nowhere");
    }

    @Override
    public int maxItemBytes() {
        return 1_000_000;
    }

    @Override
    public boolean isUnacknowledged() {
        return false;
    }

    @Override
    public ControlProbe probe() {
        return () -> new ControlProbe.Finding(ControlProbe.Verdict.UNKNOWN, "is nowhere");
    }

    @Override
    public ControlClient open(Ticker ticker) {
        opened.incrementAndGet();
        fail(opening);
        return new ControlClient() {
            @Override
            public void publish(List<ProxyItem> items) throws InterruptedException {
                fail(next.getAndSet(null));
                fail(every);
                if (interrupts.getAndSet(false)) {
                    throw new InterruptedException("injected");
                }
                published.addAll(items);
            }

            @Override
            public void recoverAll() {}

            @Override
            public boolean maintain() {
                return false;
            }

            @Override
            public void close() {}
        };
    }

    private static void fail(@Nullable Error error) {
        if (error != null) {
            throw error;
        }
    }
}
