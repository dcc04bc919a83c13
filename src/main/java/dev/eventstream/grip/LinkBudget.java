package dev.eventstream.grip;

import com.google.common.base.Ticker;
import dev.eventstream.limit.Limit;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.loop.Trouble;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines the silence after which a proxy fetches a link by itself, and which readers may need another link.
 *
 * <p>Pushpin fetches about {@value #FETCHES_PER_SECOND} distinct links per second, however many there are, and a stream gets no
 * events while it waits for its turn (1.36 and 2.0, {@code handlerengine.cpp}, {@code updateLimiter}). So the more distinct
 * links there are, the less often each may be fetched; half of a proxy's capacity is reserved for repairs. The budget counts
 * the links that this node has signed; the nodes take turns in signing them.
 *
 * <p>There can be any number of readers who have not signed in, so they have only a share of the links. Open streams keep
 * their links, whatever is refused.
 *
 * <p>Thread-safe.
 */
public final class LinkBudget {
    /** Distinct links that one Pushpin fetches per second. */
    public static final int FETCHES_PER_SECOND = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(LinkBudget.class);
    private static final int PLANNED_PER_SECOND = FETCHES_PER_SECOND / 2;

    /** A link to a page is fetched at once, and is valid for two minutes at most. */
    private static final Duration PAGES_IN_USE = Duration.ofMinutes(2);

    private final Duration shortest;
    private final Duration longest;
    private final Shares shares;
    private final LinksInUse held;
    private final LinksInUse sets;
    private final LinksInUse pages;
    private final Trouble excess = new Trouble();

    /**
     * The links that readers may use.
     *
     * @param perUser sets of channels of a signed-in reader
     * @param perAddress sets of channels of the anonymous readers at one address
     * @param anonymous distinct links of all anonymous readers, beyond which no set of channels is added
     */
    public record Shares(int perUser, int perAddress, int anonymous) {
        /** As {@code anonymous}, for streams of sets of channels in use, which need more links because their ends differ. */
        int anonymousAtMost() {
            return anonymous + anonymous / 2;
        }
    }

    /**
     * @param shortest silence after which a link is fetched, however few there are
     * @param longest silence after which a link is fetched, however many there are
     * @param ticker measures how long a link is in use
     */
    public LinkBudget(Duration shortest, Duration longest, Shares shares, Ticker ticker) {
        this.shortest = shortest;
        this.longest = longest;
        this.shares = shares;
        this.held = new LinksInUse(longest.plusMinutes(1), ticker);
        this.sets = new LinksInUse(longest.plusMinutes(1), ticker);
        this.pages = new LinksInUse(PAGES_IN_USE, ticker);
    }

    /** How many distinct links can be fetched in time. */
    public static int capacity(Duration longest) {
        return Math.toIntExact(PLANNED_PER_SECOND * longest.toSeconds());
    }

    /** Whether the set of channels is in use, so that another stream of it costs the proxy little or nothing. */
    public boolean isInUse(CountedLink link) {
        return sets.contains(link.set());
    }

    /**
     * Notes that a new stream needs a link.
     *
     * @throws LimitReachedException if the link is new and its owner has too many
     */
    public synchronized void claim(CountedLink link, LinkOwner owner) {
        if (!sets.contains(link.set())) {
            checkAnonymous(held, owner, shares.anonymous());
            checkOwner(sets, owner);
        } else if (!held.contains(link.fetched())) {
            checkAnonymous(held, owner, shares.anonymousAtMost());
        }
        use(link, owner);
    }

    /**
     * Notes that a new stream needs a page before it can be held. A proxy fetches the page at once.
     *
     * @throws LimitReachedException if the link is new and its owner has too many
     */
    public synchronized void claimPage(NextLinks.Signed link, LinkOwner owner) {
        if (!pages.contains(link.digest())) {
            checkAnonymous(pages, owner, shares.anonymous());
            checkOwner(pages, owner);
        }
        pages.use(link.digest(), owner);
    }

    private void use(CountedLink link, LinkOwner owner) {
        held.use(link.fetched(), owner);
        sets.use(link.set(), owner);
    }

    private static void checkAnonymous(LinksInUse links, LinkOwner owner, int share) {
        if (owner.isAnonymous()) {
            check(links.anonymous(), share, Limit.ANONYMOUS_LINKS);
        }
    }

    private void checkOwner(LinksInUse links, LinkOwner owner) {
        switch (owner.kind()) {
            case USER -> check(links.of(owner), shares.perUser(), Limit.STREAMS_PER_PRINCIPAL);
            case ADDRESS -> check(links.of(owner), shares.perAddress(), Limit.CHANNEL_SETS_PER_ADDRESS);
            case UNKNOWN -> {}
        }
    }

    private static void check(int used, int share, Limit limit) {
        if (used >= share) {
            throw new LimitReachedException(limit);
        }
    }

    /** Notes that a stream is held with that link, and returns the timeout for it. */
    public Duration timeoutOf(CountedLink link, LinkOwner owner) {
        use(link, owner);
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

    /** How many sets of channels readers have had links for recently; each counts once per user, and once for all others. */
    public int sets() {
        return sets.size();
    }

    /** How many distinct links have been in use recently. */
    public int links() {
        return held.size();
    }

    /** How many distinct links can be fetched in time. */
    public int capacity() {
        return capacity(longest);
    }

    /** The numbers, and the remedies. */
    public String report() {
        return links()
                + " distinct next links (readers who signed in have their own, others share one per set of channels);"
                + " one Pushpin fetches about " + FETCHES_PER_SECOND
                + " per second, and eventStream.grip.linkTimeoutMax "
                + longest.toSeconds() + "s allows " + capacity(longest)
                + " of them: raise it, or spread the readers over more proxies";
    }

    private Duration wanted() {
        return Duration.ofSeconds(links() / PLANNED_PER_SECOND);
    }
}
