/*
 * How a committed event reaches the readers whose streams a proxy holds.
 *
 * docs/PROOF.md explains this model. Run it with ./prove. One channel, one epoch, one proxy; an event is its sequence. One atomic
 * block is one step of the code; the comment before a step names its class. delivery.pml models everything that depends on epochs,
 * trims and permissions.
 */

/* ---- bounds; each can be set with -D */

#ifndef NODES
#define NODES 2
#endif
#ifndef READERS        /* streams at the proxy; 1 or 2 */
#define READERS 1
#endif
#ifndef SENDS          /* plain sends; SENDS + TRANSACTIONS is at most 5 */
#define SENDS 2
#endif
#ifndef TRANSACTIONS   /* transactions of the application that send an event; the commit of some is not reported */
#define TRANSACTIONS 1
#endif
#ifndef CRASHES        /* how often nodes die */
#define CRASHES 1
#endif
#ifndef RESTARTS       /* how often the proxy starts again */
#define RESTARTS 0
#endif
#ifndef LOSSES         /* publishes that the proxy acknowledges and loses */
#define LOSSES 0
#endif
#ifndef LANE           /* events that wait in a lane */
#define LANE 1
#endif

#define BIT(s) (1 << (s))
#define HAS(set, s) (((set) & BIT(s)) != 0)
#define ADD(set, s) set = (set) | BIT(s)
#define REMOVE(set, s) set = (set) & ~BIT(s)

/* ---- budgets */

byte sends = SENDS;
byte transactions = TRANSACTIONS;
byte crashes = CRASHES;
byte restarts = RESTARTS;
byte losses = LOSSES;

/* ---- the database: the log and the outbox (JdbiEventStore, JdbiOutbox). A set has one bit per sequence. */

byte newest;
byte rows;                      /* outbox rows */
byte claimed;                   /* rows that were claimed and are not due yet */
bit inTransaction;
byte transactionNode;

/* ---- a node (Announcements, InFlight, Lane, LaneQueue, Delivery, Tails) */

byte unannounced[NODES];
byte begun[NODES];              /* InFlight.begun */
byte done[NODES];               /* InFlight.done: announced, the row is to be deleted */
byte lane[NODES];               /* LaneQueue: events to publish */
bit hint[NODES];                /* Repairs: a hint is to be sent */
byte replaced[NODES];           /* ReplacedEvents: the newest event that the hint replaces, whose row waits for the hint; 0 if none */
byte quiet[NODES];              /* Tails: published, to be repeated once the channel is quiet */

/* ---- the proxy and its streams */

mtype = { AWAY, ANSWERED, HELD, ASKING };
bit isUp = 1;
byte seen;                      /* ids that the proxy remembers */
byte lastId;                    /* the newest of them; 0 if it knows none */
mtype stream[READERS] = AWAY;
byte answered[READERS];         /* the position in an answer of the origin that the proxy has not processed */
byte reader[READERS];           /* the last event that the client has got; 0 before the first */

/* a ghost: a hint did not reach the stream, and only its link's timeout helps; see PROOF.md */
bit missedHint[READERS];

hidden byte i;

/* ---- shared steps */

#define SIZE(set) (((set) / 2 % 2) + ((set) / 4 % 2) + ((set) / 8 % 2) + ((set) / 16 % 2) + ((set) / 32 % 2))

/* Repairs.replace: a hint brings these events; the row of the newest of them waits until the proxy has taken the hint */
inline replace(n, set) {
#ifdef BUG_HINT_WITHOUT_ROW
    settle(n, set)
#else
    for (i : 1 .. SENDS + TRANSACTIONS) {
        if
        :: HAS(set, i) && i > replaced[n] -> settle(n, BIT(replaced[n]) & ~1); replaced[n] = i
        :: HAS(set, i) && i < replaced[n] -> settle(n, BIT(i))
        :: else -> skip
        fi
    };
    i = 0
#endif
}

/* LaneQueue.offer: a full queue becomes one hint, which brings its events. */
inline offer(n, s) {
    if
    :: hint[n] -> replace(n, BIT(s))                      /* Repairs.cover */
    :: !hint[n] && SIZE(lane[n]) < LANE -> ADD(lane[n], s)
    :: !hint[n] && SIZE(lane[n]) >= LANE ->
#ifdef BUG_LANE_DROPS
        settle(n, lane[n] | BIT(s));
#else
        hint[n] = 1;
        replace(n, lane[n] | BIT(s));
#endif
        lane[n] = 0
    fi
#ifdef BUG_DONE_BEFORE_PUBLISHED
    ;
    settle(n, BIT(s))
#endif
}

/* Announcements.whenComplete, InFlight.finish */
inline settle(n, set) {
    done[n] = done[n] | (begun[n] & (set));
    begun[n] = begun[n] & ~(set)
}

/* Announcements.announce: InFlight.begin, Proxies.announce */
inline announce(n, s) {
    if
    :: !HAS(begun[n] | done[n], s) -> ADD(begun[n], s)
    :: else -> skip
    fi;
    offer(n, s)
}

inline anyOf(set, s) {
    if
    :: HAS(set, 1) -> s = 1
    :: HAS(set, 2) -> s = 2
    :: HAS(set, 3) -> s = 3
    :: HAS(set, 4) -> s = 4
    :: HAS(set, 5) -> s = 5
    fi
}

/* Pushpin: an item with an id that it remembers is dropped; a stream whose last id is not the item's prev-id asks the origin. */
inline publish(s) {
    if
    :: HAS(seen, s) -> skip
    :: !HAS(seen, s) ->
        ADD(seen, s);
        lastId = (s > lastId -> s : lastId);
        for (i : 0 .. READERS - 1) {
            if
#ifdef BUG_NO_PREV_ID
            :: stream[i] == HELD && reader[i] < s ->
                assert(reader[i] + 1 == s); reader[i] = s
            :: else -> skip
#else
            :: stream[i] == HELD && reader[i] + 1 == s ->
                assert(s <= newest);                      /* only committed events */
                reader[i] = s
            :: stream[i] == HELD && reader[i] + 1 != s -> stream[i] = ASKING
            :: else -> skip
#endif
            fi
        }
    fi
}

/* ---- the application */

proctype Application() {
    byte n, r;
end:
    do
    /* EventPublisher.send: the event and its outbox row in one transaction (Append, OutboxDao) */
    :: atomic {
        !inTransaction && sends > 0 ->
        sends--;
        select(n : 0 .. NODES - 1);
        newest++;
#ifndef BUG_ROW_AFTER_COMMIT
        ADD(rows, newest);
#endif
        ADD(unannounced[n], newest); n = 0
    }
    /* EventPublisher.send(transaction) */
    :: atomic {
        !inTransaction && transactions > 0 ->
        transactions--;
        select(n : 0 .. NODES - 1);
#ifdef BUG_ANNOUNCED_EARLY
        ADD(unannounced[n], newest + 1);
#endif
        inTransaction = 1; transactionNode = n; n = 0
    }
    :: atomic {
        inTransaction ->
        newest++; ADD(rows, newest);
        if
        :: ADD(unannounced[transactionNode], newest)      /* EventPublisher.announceCommitted */
        :: skip                                           /* the commit is not reported (ConnectionTransaction) */
        fi;
        inTransaction = 0; transactionNode = 0
    }
    :: d_step { inTransaction -> inTransaction = 0; transactionNode = 0 }
    /* a node dies */
    :: atomic {
        crashes > 0 ->
        crashes--;
        select(n : 0 .. NODES - 1);
        unannounced[n] = 0; begun[n] = 0; done[n] = 0; lane[n] = 0; quiet[n] = 0;
        hint[n] = 0; replaced[n] = 0;
        if
        :: inTransaction && transactionNode == n -> inTransaction = 0; transactionNode = 0
        :: else -> skip
        fi;
        n = 0
    }
    od
}

/* ---- a node's threads */

/* Announcements, on a sender's thread or eventstream-committed; LogReader reads back what a transaction has committed. */
proctype Publisher(byte n) {
    byte s;
end:
    do
    :: atomic {
        unannounced[n] != 0 ->
        anyOf(unannounced[n], s);
        d_step {
            REMOVE(unannounced[n], s);
#ifdef BUG_ROW_AFTER_COMMIT
            ADD(rows, s);
#endif
            announce(n, s)
        };
        s = 0
    }
    od
}

/* OutboxSweep, on eventstream-sweep: claims a row that is due, reads its events from the log and announces them again. */
proctype Sweep(byte n) {
    byte s;
end:
    do
#ifndef BUG_NO_SWEEP
    :: atomic {
        (rows & ~claimed) != 0 ->
        anyOf(rows & ~claimed, s);
        d_step {
            ADD(claimed, s);
            assert(s <= newest);
            if
            :: HAS(begun[n] | done[n], s) -> skip         /* Announcements.isBusyWith */
            :: else -> announce(n, s)
            fi
        };
        s = 0
    }
#endif
    /* JdbiOutbox.CLAIM has passed: the row is due again */
    :: atomic { (rows & claimed) != 0 -> anyOf(rows & claimed, s); REMOVE(claimed, s); s = 0 }
    /* InFlight.deleteDone, on eventstream-announced */
    :: d_step { done[n] != 0 -> rows = rows & ~done[n]; claimed = claimed & rows; done[n] = 0 }
    od
}

/* Lane, Delivery, on eventstream-proxy-N */
proctype Lane(byte n) {
    byte s;
end:
    do
    /* the proxy takes an item, or acknowledges it and loses it */
    :: atomic {
        isUp && lane[n] != 0 ->
        anyOf(lane[n], s);
        if
        :: d_step { publish(s); skip }
        :: losses > 0 -> losses--
        fi;
        REMOVE(lane[n], s);
        settle(n, BIT(s));
        if
        :: LOSSES > 0 -> ADD(quiet[n], s)
        :: else -> skip
        fi;
        s = 0
    }
    /* Repairs: a hint makes every stream of the channel ask */
    :: d_step {
        isUp && hint[n] ->
        hint[n] = 0;
        settle(n, BIT(replaced[n]) & ~1); replaced[n] = 0;
        for (i : 0 .. READERS - 1) {
            if
            :: stream[i] == HELD -> stream[i] = ASKING
#ifndef LIMIT_HINT_WHILE_OPENING
            :: stream[i] == ANSWERED -> missedHint[i] = 1 /* not subscribed yet */
#endif
            :: else -> skip
            fi
        }
    }
    /* Tails: the channel is quiet */
    :: atomic { isUp && quiet[n] != 0 && lane[n] == 0 -> anyOf(quiet[n], s); d_step { publish(s); skip }; REMOVE(quiet[n], s); s = 0 }
    /* Delivery.giveUpOrRetry, LaneQueue.giveUp: the rows do not wait for a proxy that is away for long */
    :: d_step {
#ifdef LIMIT_GIVEN_UP_WITH_NODE
        (lane[n] != 0 || hint[n]) ->                      /* the proxy is up, but not reachable */
#else
        !isUp && (lane[n] != 0 || hint[n]) ->
#endif
        hint[n] = 1;
        settle(n, lane[n] | (BIT(replaced[n]) & ~1)); lane[n] = 0; replaced[n] = 0
    }
    od
}

/* ---- the proxy */

proctype Proxy() {
end:
    do
    :: d_step {
        restarts > 0 && isUp ->
        restarts--; isUp = 0; seen = 0; lastId = 0;
        for (i : 0 .. READERS - 1) { stream[i] = AWAY; answered[i] = 0; missedHint[i] = 0 }
    }
    :: d_step { !isUp -> isUp = 1 }
    od
}

/* A client, its stream at the proxy, and the application's answers: EventsResource, ProxiedStreams, StreamStart. */
proctype Stream(byte r) {
end:
    do
    /* the client opens a stream, or a held stream asks at its next link: the answer has all events up to now (Trust.LOG) */
    :: d_step { isUp && stream[r] == AWAY -> stream[r] = ANSWERED; answered[r] = newest }
    :: d_step { isUp && stream[r] == ASKING -> stream[r] = ANSWERED; answered[r] = newest; missedHint[r] = 0 }
    /* the proxy writes the answer and holds the stream; it asks again if the channel has moved on since (Pushpin) */
    :: d_step {
        isUp && stream[r] == ANSWERED ->
        assert(reader[r] <= answered[r]);                 /* nothing twice */
        reader[r] = answered[r]; answered[r] = 0;
        stream[r] = (lastId > reader[r] -> ASKING : HELD)
    }
    /* Nothing has come for Grip-Link's timeout. It would hide other losses, so only a missed hint makes it happen. */
    :: d_step { isUp && stream[r] == HELD && missedHint[r] -> missedHint[r] = 0; stream[r] = ASKING }
    od
}

/* ---- the contract */

#if READERS == 1
#define SERVED (reader[0] == newest)
#else
#define SERVED (reader[0] == newest && reader[1] == newest)
#endif

#ifdef LIVENESS
ltl every_event_arrives { <>[] (SERVED) }

/* Time passes. Without it, a run would end when nothing is left to do, and the formula would say nothing about its end. */
proctype Time() {
    do
    :: newest >= 0
    od
}
#else
proctype Judge() {
end:
    do
    :: timeout ->
        assert(SERVED);
        assert(rows == 0)                                 /* no row is left behind */
    od
}
#endif

init {
    byte n;
    atomic {
        for (n : 0 .. NODES - 1) { run Publisher(n); run Sweep(n); run Lane(n) }
        for (n : 0 .. READERS - 1) { run Stream(n) }
        n = 0;
        run Application(); run Proxy();
#ifdef LIVENESS
        run Time()
#else
        run Judge()
#endif
    }
}
