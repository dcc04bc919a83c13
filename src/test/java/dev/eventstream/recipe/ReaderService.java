package dev.eventstream.recipe;

import com.google.common.util.concurrent.Uninterruptibles;
import com.launchdarkly.eventsource.EventSource;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the reader of the manual until the service stops. */
public final class ReaderService implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReaderService.class);

    private final StoredReader reader;
    private final Thread thread = new Thread(this::run, "reader-service");
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable EventSource current;

    public ReaderService(StoredReader reader) {
        this.reader = reader;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        do {
            try (EventSource stream = reader.open()) {
                current = stream;
                reader.read(stream);
            } catch (RuntimeException e) {
                LOGGER.warn("Reader orders begins again at its stored position in 5 s", e);
            }
        } while (!Uninterruptibles.awaitUninterruptibly(stop, Duration.ofSeconds(5)));
    }

    @Override
    public void stop() {
        stop.countDown();
        // repeatedly, because a stream that is closed while it connects still opens
        for (int i = 0; i < 100 && thread.isAlive(); i++) {
            EventSource stream = current;
            if (stream != null) {
                stream.close();
            }
            Uninterruptibles.joinUninterruptibly(thread, Duration.ofMillis(100));
        }
    }

    boolean isRunning() {
        return thread.isAlive();
    }
}
