package dev.eventstream.torture;

import com.google.common.collect.ImmutableList;
import java.util.Locale;

/** Bugs that the checker can plant, to show that it finds them. None of them needs support in the product. */
public enum Bug {
    NONE(ImmutableList.of(), ImmutableList.of()),
    /** Live streams skip an event, and it is not read from the log later. */
    SKIP_AFTER_COMMIT(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.CUT_READERS)),
    /** The last event of a log is removed, as by a fail-over to a replica that lags; its id is then used again. */
    REUSE_ID(ImmutableList.of(Breach.PHANTOM, Breach.LOST), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Every log has the same epoch, even one that replaces a wiped log. */
    FORGET_EPOCH(ImmutableList.of(Breach.PHANTOM), ImmutableList.of(FaultKind.WIPE)),
    /** Events of a transaction are announced before it commits. */
    DELIVER_BEFORE_COMMIT(ImmutableList.of(Breach.PHANTOM), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Events that a full stream cannot accept are dropped. */
    LOSE_ON_OVERFLOW(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.DELAY_READERS)),
    /** Trimming leaves no low-water mark, and reading begins with the oldest event left. */
    TRIM_WITHOUT_LOW_WATER_MARK(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.TRIM, FaultKind.KILL_NODE)),
    /** A returning reader gets the missed events in the wrong order. */
    REVERSE_CATCH_UP(ImmutableList.of(Breach.REORDERED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Idempotency keys are not stored, so a repeated send is stored twice. */
    FORGET_KEYS(ImmutableList.of(Breach.REPEATED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** The authorizer is not asked. */
    IGNORE_PERMISSIONS(ImmutableList.of(Breach.LEAKED), ImmutableList.of(FaultKind.REVOKE)),
    /** Memory for waiting bytes is never released, so after some bursts a node has none left. */
    FORGET_BUDGET(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.BURST)),
    /** A node does not notify the others of changed permissions. */
    FORGET_KICKS(ImmutableList.of(Breach.LEAKED), ImmutableList.of(FaultKind.REVOKE)),
    /** A node that may have missed messages of the bus neither resets unstored channels nor asks its authorizer again. */
    FORGET_BUS_RESET(
            ImmutableList.of(Breach.LOST, Breach.LEAKED), ImmutableList.of(FaultKind.CUT_BUS, FaultKind.KILL_BUS)),
    /** Streams whose channels are finished stay open. */
    FORGET_END(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.TRIM)),
    /** A channel can be finished, and then takes further events. */
    SEND_AFTER_END(ImmutableList.of(Breach.PHANTOM), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Live streams get the events of a latest channel in the wrong order. */
    LATEST_BACKWARDS(ImmutableList.of(Breach.REORDERED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Latest channels are like others: readers get everything that they missed, and resets. */
    FORGET_LATEST(ImmutableList.of(Breach.REORDERED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** Readers who ask for some types get events of all types. */
    IGNORE_TYPES(ImmutableList.of(Breach.LEAKED), ImmutableList.of(FaultKind.CUT_READERS)),
    /** New readers begin now, wherever they ask to begin. */
    IGNORE_START(ImmutableList.of(Breach.LOST), ImmutableList.of(FaultKind.CUT_READERS)),
    /** The browser client shows repeats. */
    FORGET_REPEATS(ImmutableList.of(Breach.REPEATED), ImmutableList.of(FaultKind.CUT_READERS));

    /** The system property of a node's JVM that names the bug. */
    static final String PROPERTY = "torture.bug";

    private final ImmutableList<Breach> breaches;
    private final ImmutableList<FaultKind> faults;

    Bug(ImmutableList<Breach> breaches, ImmutableList<FaultKind> faults) {
        this.breaches = breaches;
        this.faults = faults;
    }

    /** The checker must report at least one of these. */
    ImmutableList<Breach> breaches() {
        return breaches;
    }

    /** The faults that bring it to light; for {@link #NONE}, all kinds. */
    ImmutableList<FaultKind> faults() {
        return faults;
    }

    /** The bus that a run needs to show the bug, if it was to run over the given one. */
    String bus(String otherwise) {
        // redis would seldom miss anything
        return this == FORGET_BUS_RESET && (otherwise.equals(BusLinks.DATABASE) || otherwise.equals("redis"))
                ? "nats"
                : otherwise;
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

    /** The bug that is planted in this JVM. */
    static Bug planted() {
        return of(System.getProperty(PROPERTY, NONE.label()));
    }
}
