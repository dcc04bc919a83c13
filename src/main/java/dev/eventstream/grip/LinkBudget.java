package dev.eventstream.grip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Trouble;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines the silence after which a proxy fetches a link by itself.
 *
 * <p>Pushpin fetches about {@value #FETCHES_PER_SECOND} distinct links per second, however many there are, and a stream gets no
 * events while it waits for its turn (1.36 and 2.0, {@code handlerengine.cpp}, {@code updateLimiter}). So the more distinct
 * links there are, the less often each may be fetched; half of a proxy's capacity is reserved for repairs. The budget counts
 * the links that this node has signed; the nodes take turns in signing them.
 *
 * <p>Thread-safe.
 */
public final class LinkBudget {
    /** Distinct links that one Pushpin fetches per second. */
    public static final int FETCHES_PER_SECOND = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(LinkBudget.class);
    private static final int PLANNED_PER_SECOND = FETCHES_PER_SECOND / 2;

    /** Links that are remembered; a larger number would not change the result. */
    private static final int MAX_LINKS = 1_000_000;

    private final Duration shortest;
    private final Duration longest;
    private final Cache<String, Boolean> seen;
    private final Trouble excess = new Trouble();

    /**
     * @param shortest silence after which a link is fetched, however few there are
     * @param longest silence after which a link is fetched, however many there are
     * @param ticker measures how long a link is in use
     */
    public LinkBudget(Duration shortest, Duration longest, Ticker ticker) {
        this.shortest = shortest;
        this.longest = longest;
        this.seen = Caffeine.newBuilder()
                .maximumSize(MAX_LINKS)
                .expireAfterWrite(longest.plusMinutes(1))
                .ticker(ticker::read)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Notes that a stream is held with a link, and returns the timeout for it.
     *
     * @param link what identifies the link; the same for links that replace one another
     */
    public Duration timeoutOf(String link) {
        seen.put(link, true);
        Duration wanted = wanted();
        boolean fits = wanted.compareTo(longest) <= 0;
        if (excess.changesTo(!fits)) {
            logChange(fits);
        }
        return wanted.compareTo(shortest) < 0 ? shortest : fits ? wanted : longest;
    }

    private void logChange(boolean fits) {
        if (fits) {
            LOGGER.info("{}; they can be fetched in time again", report());
        } else {
            LOGGER.warn("{}; they cannot be fetched in time, so events that a proxy missed may come late", report());
        }
    }

    /** Whether all links can be fetched in time. */
    public boolean fits() {
        return wanted().compareTo(longest) <= 0;
    }

    /** How many distinct links have been in use recently. */
    public long links() {
        // otherwise expired links would count
        seen.cleanUp();
        return seen.estimatedSize();
    }

    /** The numbers, and the remedies. */
    public String report() {
        return links()
                + " distinct next links (readers who signed in have their own, others share one per set of channels);"
                + " one Pushpin fetches about " + FETCHES_PER_SECOND
                + " per second, and eventStream.grip.linkTimeoutMax "
                + longest.toSeconds() + "s allows " + PLANNED_PER_SECOND * longest.toSeconds()
                + " of them: raise it, or spread the readers over more proxies";
    }

    private Duration wanted() {
        return Duration.ofSeconds(links() / PLANNED_PER_SECOND);
    }
}
