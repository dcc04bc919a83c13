package dev.eventstream.torture;

import com.google.common.collect.ImmutableList;
import java.util.Locale;

/** Bugs that can be planted, to see that they are found. None of them needs anything from the product. */
public enum Bug {
    NONE(ImmutableList.of(), ImmutableList.of()),
    /** An event of a live stream is passed over, and no look into the log brings it. */
    SKIP_AFTER_COMMIT(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.CUT_READERS)),
    /** The last event of a log is taken back, as by a fail-over to a replica that was behind; its id is given again. */
    REUSE_ID(ImmutableList.of(Breach.PHANTOM, Breach.LOST), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Every log has the same epoch, also the one that takes the place of a wiped one. */
    FORGET_EPOCH(ImmutableList.of(Breach.PHANTOM), ImmutableList.of(FaultKind.WIPE)),
    /** Events of a transaction are announced before it commits. */
    DELIVER_BEFORE_COMMIT(ImmutableList.of(Breach.PHANTOM), ImmutableList.of(FaultKind.CUT_READERS)),
    /** What a full stream cannot take is forgotten. */
    LOSE_ON_OVERFLOW(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.DELAY_READERS)),
    /** Trimming leaves no mark, and reading begins with what is still there. */
    TRIM_WITHOUT_LOW_WATER_MARK(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.TRIM, FaultKind.KILL_NODE)),
    /** What a returning reader missed comes in the wrong order. */
    REVERSE_CATCH_UP(ImmutableList.of(Breach.REORDERED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Idempotency keys are not stored, so that a send which is repeated is stored twice. */
    FORGET_KEYS(ImmutableList.of(Breach.REPEATED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Nobody is asked who may read what. */
    IGNORE_PERMISSIONS(ImmutableList.of(Breach.LEAKED), ImmutableList.of(FaultKind.REVOKE)),
    /** Memory that waiting bytes took is never given back, so that after some bursts a node has none for anybody. */
    FORGET_BUDGET(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.BURST));

    /** Property of a node's JVM that names the bug. */
    static final String PROPERTY = "torture.bug";

    private final ImmutableList<Breach> breaches;
    private final ImmutableList<FaultKind> faults;

    Bug(ImmutableList<Breach> breaches, ImmutableList<FaultKind> faults) {
        this.breaches = breaches;
        this.faults = faults;
    }

    /** What it must be found as; any of them. */
    ImmutableList<Breach> breaches() {
        return breaches;
    }

    /** What brings it to light; for none, all kinds of faults. */
    ImmutableList<FaultKind> faults() {
        return faults;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Bug of(String label) {
        for (Bug bug : values()) {
            if (bug.label().equals(label)) {
                return bug;
            }
        }
        throw new IllegalArgumentException("there is no bug \"" + label + '"');
    }

    /** The one that is planted in this JVM. */
    static Bug planted() {
        return of(System.getProperty(PROPERTY, NONE.label()));
    }
}
