package dev.eventstream.torture;

import java.util.Locale;
import java.util.Map;

/** The result of a run. */
record Verdict(long events, int readers, int kills, int cuts, long resets, Map<Breach, Long> breaches) {
    Verdict {
        breaches = Map.copyOf(breaches);
    }

    /** Whether there were events and the contract held for all of them. */
    boolean held() {
        return events > 0 && breaches.values().stream().allMatch(count -> count == 0);
    }

    /** How often it was broken in that way. */
    long count(Breach breach) {
        return breaches.getOrDefault(breach, 0L);
    }

    /** The last line of the program. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "events=%d readers=%d kills=%d cuts=%d resets=%d lost=%d phantom=%d reordered=%d repeated=%d leaked=%d",
                events,
                readers,
                kills,
                cuts,
                resets,
                count(Breach.LOST),
                count(Breach.PHANTOM),
                count(Breach.REORDERED),
                count(Breach.REPEATED),
                count(Breach.LEAKED));
    }
}
