package dev.eventstream.grip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.google.common.base.Ticker;
import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Links that have been used recently. Each counts for its owner until it has not been used for a while.
 *
 * <p>Thread-safe.
 */
final class LinksInUse {
    /** Links that are remembered; a larger number would not change any result. */
    private static final int MAX_LINKS = 1_000_000;

    private final Cache<String, LinkOwner> owners;
    private final Multiset<LinkOwner> counts = ConcurrentHashMultiset.create();
    private final AtomicInteger anonymous = new AtomicInteger();

    /** @param memory how long after its last use a link counts */
    LinksInUse(Duration memory, Ticker ticker) {
        this.owners = Caffeine.newBuilder()
                .maximumSize(MAX_LINKS)
                .expireAfterWrite(memory)
                .ticker(ticker::read)
                .executor(Runnable::run)
                .evictionListener((@Nullable String key, @Nullable LinkOwner owner, RemovalCause cause) -> left(owner))
                .build();
    }

    boolean contains(String digest) {
        return owners.asMap().containsKey(digest);
    }

    /** Notes that a link is used; it counts for this owner if it is new. */
    void use(String digest, LinkOwner owner) {
        owners.asMap().compute(digest, (unused, known) -> {
            if (known == null) {
                joined(owner);
                return owner;
            }
            return known;
        });
    }

    private void joined(LinkOwner owner) {
        counts.add(owner);
        if (owner.isAnonymous()) {
            anonymous.incrementAndGet();
        }
    }

    private void left(@Nullable LinkOwner owner) {
        if (owner == null) {
            return;
        }
        counts.remove(owner);
        if (owner.isAnonymous()) {
            anonymous.decrementAndGet();
        }
    }

    /** How many links are in use. */
    int size() {
        // otherwise expired links would count
        owners.cleanUp();
        return Math.toIntExact(owners.estimatedSize());
    }

    /** How many of them belong to an owner. */
    int of(LinkOwner owner) {
        owners.cleanUp();
        return counts.count(owner);
    }

    /** How many of them belong to readers who have not signed in. */
    int anonymous() {
        owners.cleanUp();
        return anonymous.get();
    }
}
