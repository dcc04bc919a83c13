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

    /** Has events of two types; all others have only {@code message}. */
    static final String TYPED = "typed-0";

    static final String RARE = "rare";

    /** The route whose readers choose types. */
    static final String TYPED_ROUTE = "/typed";

    /** The route whose readers choose where to begin. */
    static final String START_ROUTE = "/history";

    static final int LONGEST_START = 50;

    /** Routes that choose the channels of their readers. */
    static final String TEMPLATE_ROUTE = "/mine";

    static final String SELECTOR_ROUTE = "/events/me";

    /** The channels of the first such route, of which each user has another. */
    static final List<String> TEMPLATE = List.of("mine-{user?}", "c1", "c5=ü, %/+");

    /** The channels of the writers. */
    static final List<String> ALL;

    /** Numbered from 1; the name is the token. */
    static final List<String> USERS = List.of("u1", "u2", "u3");

    static {
        List<String> all = new ArrayList<>(OPEN);
        all.addAll(List.of(MEMBERS, SECRET, UNSTORED, TYPED));
        USERS.forEach(user -> all.add(own(user)));
        ALL = List.copyOf(all);
    }

    private Channels() {}

    /** The channel that only this user may read. */
    static String own(String user) {
        return "mine-" + user;
    }

    /** The channels that a route gives the user. */
    static List<String> chosen(String route, String user) {
        if (route.equals(TYPED_ROUTE)) {
            return List.of(TYPED, "c3");
        }
        if (route.equals(SELECTOR_ROUTE)) {
            return user.isEmpty() ? List.of("c2", UNSTORED) : List.of("c2", own(user), MEMBERS, UNSTORED);
        }
        return TEMPLATE.stream()
                .map(channel -> channel.replace("{user?}", user))
                .filter(channel -> !channel.equals(own("")))
                .toList();
    }

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
