package dev.eventstream.http;

import dev.eventstream.grip.CountedLink;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.LinkOwner;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.limit.ClientAddress;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.limit.StreamLimits;

/**
 * Decides whether a proxy may hold another stream. A node does not know the streams that a proxy holds, only the links at which
 * the proxy asks for them. Streams of the same reader and channels share a few links. If a set of channels is in use, another
 * stream of it costs the node little, so it is always admitted.
 *
 * <p>Thread-safe.
 */
final class ProxiedAdmission {
    private final NextLinks links;
    private final LinkBudget budget;
    private final StreamLimits limits;

    ProxiedAdmission(NextLinks links, LinkBudget budget, StreamLimits limits) {
        this.links = links;
        this.budget = budget;
        this.limits = limits;
    }

    /**
     * Admits a stream that would be held with that link.
     *
     * @throws LimitReachedException if the link is not in use, and there is no room for another
     */
    void admit(NextLink link, ClientAddress address) {
        CountedLink counted = CountedLink.of(link, links);
        if (!budget.isInUse(counted)) {
            limits.checkRoomForLink();
        }
        budget.claim(counted, owner(link, address));
    }

    /**
     * Admits a stream that needs that page before it can be held.
     *
     * @throws LimitReachedException if the reader has too many of them
     */
    void admitPage(NextLink page, ClientAddress address) {
        budget.claimPage(links.sign(page), owner(page, address));
    }

    private static LinkOwner owner(NextLink link, ClientAddress address) {
        return link.user() == null && address.isKnown() ? LinkOwner.address(address.text()) : LinkOwner.of(link.user());
    }
}
