package dev.eventstream.grip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Trouble;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says after what silence a proxy is to fetch a link by itself.
 *
 * <p>A Pushpin fetches about {@value #FETCHES_PER_SECOND} distinct links a second, whatever their number, and a stream that waits for
 * its turn gets no events meanwhile (1.36 and 2.0, {@code handlerengine.cpp}, {@code updateLimiter}). So the more distinct
 * links there are, the rarer each may be fetched; half of what a proxy can do is left to repairs. What the links of this
 * node are is known from those that it has signed, and nodes take turns in signing them.
 *
 * <p>Thread-safe.
 */
public final class LinkBudget {
    /** Distinct links that one Pushpin fetches in a second. */
    public static final int FETCHES_PER_SECOND = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(LinkBudget.class);
    private static final int PLANNED_PER_SECOND = FETCHES_PER_SECOND / 2;

    /** Links that are remembered; more are as many too many. */
    private static final int MAX_LINKS = 1_000_000;

    private final Duration shortest;
    private final Duration longest;
    private final Cache<String, Boolean> seen;
    private final Trouble excess = new Trouble();

    /**
     * @param shortest silence after which a link is fetched, however few there are
     * @param longest the same, however many there are
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

    /** Notes that a stream is held with that link, and says with what timeout. */
    public Duration timeoutOf(NextLinks.Signed link) {
        seen.put(link.digest(), true);
        Duration wanted = wanted();
        boolean fits = wanted.compareTo(longest) <= 0;
        if (excess.changesTo(!fits)) {
            say(fits);
        }
        return wanted.compareTo(shortest) < 0 ? shortest : fits ? wanted : longest;
    }

    private void say(boolean fits) {
        if (fits) {
            LOGGER.info("{}; that fits again", report());
        } else {
            LOGGER.warn("{}; that does not fit, and events that a proxy missed may come late", report());
        }
    }

    /** Whether all links can be fetched in time. */
    public boolean fits() {
        return wanted().compareTo(longest) <= 0;
    }

    /** How many distinct links have been in use recently. */
    public long links() {
        // those that have expired would count otherwise
        seen.cleanUp();
        return seen.estimatedSize();
    }

    /** The numbers, and what can be done about them. */
    public String report() {
        return links()
                + " distinct next links (readers who signed in have their own, others share one per set of channels);"
                + " one Pushpin fetches about " + FETCHES_PER_SECOND
                + " a second, and with eventStream.grip.linkTimeoutMax "
                + longest.toSeconds() + "s there may be " + PLANNED_PER_SECOND * longest.toSeconds()
                + " of them: raise it, or spread the readers over more proxies";
    }

    private Duration wanted() {
        return Duration.ofSeconds(links() / PLANNED_PER_SECOND);
    }
}
