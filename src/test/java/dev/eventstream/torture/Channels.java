package dev.eventstream.torture;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The channels and users of a run. */
final class Channels {
    /** Stored and public; the last one needs escaping everywhere. */
    static final List<String> OPEN = List.of("c0", "c1", "c2", "c3", "c4", "c5=ü, %/+");

    static final String MEMBERS = "members-0";
    static final String SECRET = "secret-0";
    static final String UNSTORED = "unstored-0";

    /** Of these, only the newest event matters. */
    static final List<String> LATEST = List.of("latest-0", "latest-1");

    /** Never locked; only the probes that measure the duration of a send use it. */
    static final String UNLOCKED = "unlocked-0";

    /** The channel that all readers of a burst share. */
    static final String BURST = "burst-0";

    /** The channels of the writers. */
    static final List<String> ALL;

    /** Numbered from 1; the name is the token. */
    static final List<String> USERS = List.of("u1", "u2", "u3");

    static {
        List<String> all = new ArrayList<>(OPEN);
        all.addAll(List.of(MEMBERS, SECRET, UNSTORED));
        ALL = List.copyOf(all);
    }

    private Channels() {}

    /** Some channels that the user could read; always also the one that is not stored, if {@code unstoredToo}. */
    static Set<String> some(String user, boolean unstoredToo, Random random) {
        Set<String> some = new LinkedHashSet<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            some.add(OPEN.get(random.nextInt(OPEN.size())));
        }
        if (!user.isEmpty() && random.nextInt(3) == 0) {
            some.add(MEMBERS);
        }
        if (random.nextInt(3) == 0 || unstoredToo) {
            some.add(UNSTORED);
        }
        return some;
    }
}
