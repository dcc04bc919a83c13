/*
 * How a committed event reaches the readers that this application's nodes serve directly.
 *
 * docs/PROOF.md explains this model: what it verifies, for which bounds, and what it leaves out. Run it with ./prove.
 *
 * One channel: the contract has no order between channels. Events have no content: an event is its position, because an id is
 * never used twice until a log goes back. One atomic block is one step of the code, between two points at which another thread can
 * intervene. The comment before a step names its class.
 *
 * A position is one byte: epoch * 8 + sequence, and NONE before the first event, in any epoch, as in EventId.
 */

/* ---- bounds; each can be set with -D */

#ifndef NODES
#define NODES 2
#endif
#ifndef READERS        /* 1 or 2 */
#define READERS 1
#endif
#ifndef EVENTS         /* the highest sequence; at most 4 */
#define EVENTS 2
#endif
#ifndef SENDS          /* plain sends */
#define SENDS 1
#endif
#ifndef TRANSACTIONS   /* transactions of the application that send an event; each commits or is rolled back */
#define TRANSACTIONS 1
#endif
#ifndef CUTS           /* how often connections of clients break */
#define CUTS 0
#endif
#ifndef CRASHES        /* how often nodes die */
#define CRASHES 0
#endif
#ifndef TRIMS
#define TRIMS 0
#endif
#ifndef BACKS          /* 1: the log may go back to an earlier position, once */
#define BACKS 0
#endif
#ifndef STALE          /* answers of the database that are one event behind */
#define STALE 0
#endif
#ifndef REVOKES        /* 1: the last reader loses its permission */
#define REVOKES 0
#endif
#ifndef RECHECKS       /* 1: nodes ask the authorizer about all streams from time to time (eventStream.recheck) */
#define RECHECKS 0
#endif
#ifndef ROOM           /* frames that wait for one client */
#define ROOM 1
#endif
#ifndef TAIL           /* events in the tail of a feed */
#define TAIL 1
#endif
#ifndef PAGE           /* events in a page of the log */
#define PAGE 1
#endif
#ifndef OVERLAP        /* by how many looks the window of the poll reaches back before the last one */
#define OVERLAP 1
#endif
#ifndef IDLE_LOOKS     /* full looks of a node although its feed is at the end of the log */
#define IDLE_LOOKS 0
#endif
#ifndef REPEATS        /* how often the bus may deliver one notification */
#define REPEATS 2
#endif

#ifdef BUG_NO_OVERLAP
#define WINDOW 0
#else
#define WINDOW OVERLAP
#endif
#ifdef BUG_ONE_LOOK
#define LOOKS 1
#else
#define LOOKS 2
#endif

/* ---- positions (EventId) */

#define NONE 0
#define UNKNOWN 255
#define AT(e, s) ((s) == 0 -> NONE : (e) * 8 + (s))
#define EPOCH(p) ((p) / 8)
#define SEQ(p) ((p) % 8)
#define MIN(a, b) ((a) < (b) -> (a) : (b))
#define AT_OR_BEFORE(a, b) ((a) == NONE || (EPOCH(a) == EPOCH(b) && SEQ(a) <= SEQ(b)))
/* the log has gone back behind a position that a node or a reader had reached */
#define BEHIND(now, then) ((then) != NONE && ((now) == NONE || (EPOCH(now) == EPOCH(then) && SEQ(now) < SEQ(then))))

/* ---- the log (store: EventStore, JdbiEventStore, ChannelRow) */

byte epoch = 1;
byte newest;
byte trimmed;
bit inTransaction;              /* a transaction of the application has appended an event and holds the channel's lock */
byte transactionNode;

#define NEWEST AT(epoch, newest)
#define HONOURS(p) (((p) == NONE || EPOCH(p) == epoch) && trimmed <= SEQ(p) && SEQ(p) <= newest)

#define IS_TRIMMED(p) (((p) == NONE || EPOCH(p) == epoch) && SEQ(p) < trimmed)

/* the age of created_at: how many looks of a node came after it */
byte age[NODES];                /* of the newest event */
byte transactionAge[NODES];     /* of the uncommitted event */

/* ---- budgets */

byte sends = SENDS;
byte transactions = TRANSACTIONS;
byte cuts = CUTS;
byte crashes = CRASHES;
byte trims = TRIMS;
byte backs = BACKS;
byte stale = STALE;
byte revokes = REVOKES;
byte idleLooks[NODES];

/* ---- a node (ChannelFeed, ShardChannel, FeedReader, LogPoll, EventPublisher) */

byte unannounced[NODES * 3];    /* committed events that the node's publisher has yet to announce: one bit per sequence */
byte notes[NODES * 3];          /* deliveries of the newest notification that the bus may still make, per epoch */
byte noted[3];                  /* the newest position announced on the bus, per epoch */

bit loaded[NODES];              /* ChannelFeed.last is known */
bit loading[NODES];
byte loadedPosition[NODES];
bit missedWhileLoading[NODES];
byte feed[NODES];               /* ChannelFeed.last */
byte before[NODES];             /* the tail has the events of the feed's epoch after this sequence */
byte generation[NODES];

mtype = { IDLE, READING, READ };
mtype reading[NODES] = IDLE;
bit readAgain[NODES];
mtype = { NOTHING, FOUND, UNAVAILABLE };
mtype readFound[NODES] = NOTHING;
byte readThrough[NODES];

bit looked[NODES];              /* a look has asked the log, and has not acted on the answer yet */
byte lookFound[NODES];
byte lookFrom[NODES];
byte suspicions[NODES];         /* how many looks in a row found the log behind the feed */
byte suspected[NODES];          /* the epoch that they suspect */

bit news[NODES];                /* ShardChannel.newsIsQueued */
byte gathered[NODES];           /* ShardChannel.position: includes the batch */
byte followed[NODES];           /* ShardChannel.generation */
byte handed[NODES];             /* Cohort.position */

bit permissionNote[NODES];      /* a changed permission is on its way to the node (BusMessage) */
bit permissionOut[NODES];       /* Outgoing: a changed permission is to be published */
bit interrupted[NODES];         /* the bus's connection broke, and messages may be missing */
bit recheckIsQueued[NODES];     /* Shard.recheck */
bit changed[NODES];             /* AccessChanges: remembered */

/* ---- a reader and its stream (Subscription, ShardStreams, CatchUpQueue, StreamCatchUp) */

mtype = { OFF, ASKED, BEGUN, NEW, WAITING, CATCHING_UP, CAUGHT_UP, AHEAD, DRAINING, LIVE, REFUSED };
mtype stream[READERS] = OFF;
byte at[READERS];               /* the stream's node */
byte position[READERS];         /* Subscription.position */
bit joinCheck[READERS];         /* Shard.join has queued a look at recent permission changes */
bit check[READERS];             /* PermissionChecks: a task is to ask the authorizer */
bit mayRead[READERS] = 1;
byte client[READERS] = UNKNOWN; /* Last-Event-ID */

chan pipe[READERS] = [ROOM] of { byte, bit }; /* StreamSink: the position after each frame, and whether it is a reset */

/* ---- ghosts: variables that no step depends on, for the assertions */

byte committed[3];              /* the highest sequence that was ever committed, per epoch */
byte renewedAt[3];              /* the newest sequence when the epoch began */
bit wentBack[3];                /* the log of the epoch has gone back */
bit foundByLook[NODES];         /* a look of the node has found the newest event */
bit isLate[NODES];              /* the newest event's transaction was longer than the overlap */
byte wire[READERS];             /* the position after everything that the server has put on the stream */
bit ended[READERS];             /* the server has ended the stream, because the reader may no longer read */
bit owed[READERS];              /* the client has seen events that the log has lost, and has had no reset since */

/* scratch, within one d_step only: not part of the state, and not restored when SPIN backtracks */
hidden byte flag, i, s, lo, hi, ep, lost;

hidden mtype found;

/* Counts how often an interesting step is taken, so that ./prove can tell that the model is not idle. */
#ifdef COUNT
c_decl {
    static unsigned long witnessed[19];
    static void reportWitnesses(void) {
        int k;
        for (k = 1; k < 19; k++) printf("witness %d %lu\n", k, witnessed[k]);
    }
}
#define WITNESS(k) c_code { witnessed[k]++; }
#else
#define WITNESS(k) skip
#endif

#define HAS_ROOM(r) (len(pipe[r]) < ROOM)
#define IS_FULL(r) (len(pipe[r]) >= ROOM)
#define HAS_FRAMES(r) (len(pipe[r]) > 0)
#define READS(r, n) (stream[r] == LIVE && at[r] == n)
#if READERS == 1
#define HAS_LIVE(n) READS(0, n)
#else
#define HAS_LIVE(n) (READS(0, n) || READS(1, n))
#endif

/* ---- what the server writes, and the contract's sentences about it */

/* Events lo + 1 to hi of an epoch: StreamSink.offer of a chunk or a page. */
inline write(r, e, from, through) {
    assert(!ended[r]);                                    /* nothing after a revocation is effective */
    assert(through <= committed[e]);                      /* only committed events */
    assert(SEQ(wire[r]) == from);                         /* contiguous, in order, and none twice */
    assert(wire[r] == NONE || EPOCH(wire[r]) == e);       /* another epoch only after a reset */
    wire[r] = AT(e, through);
    pipe[r]!AT(e, through), 0;
}

/* StreamFrame.Reset, which names the channel and carries the new position. */
inline writeReset(r, to) {
    assert(!ended[r]);
    /* a reset never makes the application's handler see an event twice */
    assert(EPOCH(to) != EPOCH(wire[r]) || SEQ(to) >= SEQ(wire[r]) || wentBack[EPOCH(to)]);
    assert(to == NONE || wire[r] == NONE || EPOCH(to) == EPOCH(wire[r]) || SEQ(to) >= renewedAt[EPOCH(to)]);
#ifdef BUG_RESET_UNNAMED
    skip
#else
    wire[r] = to;
    pipe[r]!to, 1;
#endif
}

/* ---- shared steps */

/* FeedReader.read */
inline readFeed(n) {
    if
    :: !loaded[n] -> skip
    :: loaded[n] && reading[n] == IDLE -> reading[n] = READING
    :: loaded[n] && reading[n] != IDLE -> readAgain[n] = 1
    fi
}

/* EventStore.readAfter: finds events lo + 1 to hi of an epoch, or nothing, or that the position is lost. */
inline readLog(after) {
    if
    :: HONOURS(after) ->
        ep = epoch; lo = SEQ(after); hi = MIN(newest, lo + PAGE);
        found = (lo == newest -> NOTHING : FOUND)
#ifdef BUG_TRIM_UNNOTICED
    :: !HONOURS(after) && IS_TRIMMED(after) ->
        ep = epoch; lo = trimmed; hi = MIN(newest, lo + PAGE);
        found = (lo == newest -> NOTHING : FOUND)
    :: !HONOURS(after) && !IS_TRIMMED(after) ->
#else
    :: !HONOURS(after) ->
#endif
        found = UNAVAILABLE; lost = NEWEST
    fi
}

#define TAIL_REACHES(n, p) (feed[n] == (p) || (AT_OR_BEFORE(p, feed[n]) && before[n] < SEQ(feed[n]) && SEQ(p) >= before[n]))
/* ChannelFeed.after(position, max) */
#define FEED_ANSWERS(n, p) (TAIL_REACHES(n, p) && ((p) != NONE || feed[n] == NONE))

/* Replay.next with Trust.TAILS */
inline find(n, after) {
    if
    :: FEED_ANSWERS(n, after) ->
        ep = EPOCH(feed[n]); lo = SEQ(after); hi = MIN(SEQ(feed[n]), lo + PAGE);
        found = (after == feed[n] -> NOTHING : FOUND)
    :: else -> readLog(after)
    fi
}

/* ChannelFeed.accept and RecentEvents.accept: the feed moves to an event that follows it. */
inline accept(n, e, sequence) {
    if
    :: AT(e, sequence - 1) == feed[n] ->
        feed[n] = AT(e, sequence);
        if
        :: sequence - before[n] > TAIL -> before[n] = sequence - TAIL
        :: else -> skip
        fi;
        news[n] = 1
    :: else -> skip
    fi
}

/* Forgets what has no meaning without live streams, so that equal states are one state. */
inline tidy(n) {
    if
    :: !HAS_LIVE(n) -> gathered[n] = NONE; handed[n] = NONE; followed[n] = 0
    :: else -> skip
    fi
}

inline endStream(r, next) {
    stream[r] = next; position[r] = NONE; joinCheck[r] = 0; check[r] = 0;
    tidy(at[r]);
    at[r] = 0
}

/* LiveStreams.flush, Cohort.flush: hands the batch to the live streams. A full one leaves with the position before the batch. */
inline flush(n) {
    if
    :: HAS_LIVE(n) && handed[n] != gathered[n] ->
        for (i : 0 .. READERS - 1) {
            if
#ifdef BUG_TAIL_UNCHECKED
            :: READS(i, n) && HAS_ROOM(i) ->
                lo = (SEQ(handed[n]) < before[n] -> before[n] : SEQ(handed[n]));
                write(i, EPOCH(gathered[n]), lo, SEQ(gathered[n]))
#else
            :: READS(i, n) && HAS_ROOM(i) -> write(i, EPOCH(gathered[n]), SEQ(handed[n]), SEQ(gathered[n]))
#endif
            :: READS(i, n) && IS_FULL(i) ->
#ifdef BUG_OVERFLOW_DROPS
                skip
#else
                stream[i] = DRAINING; position[i] = handed[n]; WITNESS(1)
#endif
            :: else -> skip
            fi
        }
        handed[n] = gathered[n];
        tidy(n)
    :: else -> skip
    fi
}

/* ShardChannels.pull: takes from the feed what follows the live streams, or sends them all to catch-up. */
inline pull(n) {
    if
#ifdef BUG_TAIL_UNCHECKED
    :: HAS_LIVE(n) && followed[n] == generation[n] -> gathered[n] = feed[n]
    :: HAS_LIVE(n) && followed[n] != generation[n] ->
#else
    :: HAS_LIVE(n) && followed[n] == generation[n] && TAIL_REACHES(n, gathered[n]) -> gathered[n] = feed[n]
    :: HAS_LIVE(n) && !(followed[n] == generation[n] && TAIL_REACHES(n, gathered[n])) ->
#endif
        WITNESS(3);
        flush(n);
        for (i : 0 .. READERS - 1) {
            if
            :: READS(i, n) -> stream[i] = CATCHING_UP; position[i] = handed[n]
            :: else -> skip
            fi
        }
        tidy(n)
    :: else -> skip
    fi
}

/* ---- the application and what happens to it */

inline append() {
    newest++;
    committed[epoch] = (newest > committed[epoch] -> newest : committed[epoch])
}

inline publish(n) { unannounced[n * 3 + epoch] = unannounced[n * 3 + epoch] | (1 << newest) }

/* Until a log that has gone back is detected, it stays behind every position that was reached; see PROOF.md. */
#define STAYS_BEHIND(p) (!((p) != NONE && (p) != UNKNOWN && EPOCH(p) == epoch && SEQ(p) > newest) || newest + 1 < SEQ(p))
#if !defined(LIMIT_REFILLED_BEFORE_DETECTION) && BACKS > 0
#if READERS == 1
#define READERS_STAY (STAYS_BEHIND(client[0]) && STAYS_BEHIND(wire[0]))
#else
#define READERS_STAY (STAYS_BEHIND(client[0]) && STAYS_BEHIND(wire[0]) && STAYS_BEHIND(client[1]) && STAYS_BEHIND(wire[1]))
#endif
#if NODES == 1
#define MAY_APPEND (newest < EVENTS && STAYS_BEHIND(feed[0]) && READERS_STAY)
#else
#define MAY_APPEND (newest < EVENTS && STAYS_BEHIND(feed[0]) && STAYS_BEHIND(feed[1]) && READERS_STAY)
#endif
#else
#define MAY_APPEND (newest < EVENTS)
#endif

proctype Application() {
    byte n;
end:
    do
    /* EventPublisher.send, GroupCommit, BatchCommit, Append: appends and commits in one transaction */
    :: atomic {
        !inTransaction && sends > 0 && MAY_APPEND ->
        sends--;
        select(n : 0 .. NODES - 1);
        append();
        for (i : 0 .. NODES - 1) { age[i] = 0; isLate[i] = 0; foundByLook[i] = 0 }
        publish(n); n = 0
    }
    /* EventPublisher.send(transaction), Appender.appendWithin: the event waits for the application's commit */
    :: atomic {
        !inTransaction && transactions > 0 && MAY_APPEND ->
        transactions--;
        select(n : 0 .. NODES - 1);
        inTransaction = 1; transactionNode = n;
#ifdef BUG_ANNOUNCED_EARLY
        unannounced[n * 3 + epoch] = unannounced[n * 3 + epoch] | (1 << (newest + 1));
#endif
        n = 0
    }
    /* the commit; EventPublisher.announceCommitted */
    :: atomic {
        inTransaction ->
        append();
        for (i : 0 .. NODES - 1) {
            age[i] = transactionAge[i]; isLate[i] = transactionAge[i] > OVERLAP; foundByLook[i] = 0; transactionAge[i] = 0
        }
        publish(transactionNode);
        inTransaction = 0; transactionNode = 0
    }
    /* the rollback */
    :: d_step {
        inTransaction ->
        for (i : 0 .. NODES - 1) { transactionAge[i] = 0 }
        inTransaction = 0; transactionNode = 0
    }
    /* Retention, TrimTask, Trim: raises the low-water mark */
    :: atomic {
        trims > 0 && trimmed < newest ->
        trims--;
        if
        :: trimmed = newest
        :: trimmed + 1 < newest -> trimmed = newest - 1
        fi
    }
    /* a failover to a replica that lacks the newest events; it ends the transactions */
    :: atomic {
        backs > 0 && newest > trimmed ->
        backs--;
        wentBack[epoch] = 1;
        if
        :: newest--
        :: newest > trimmed + 1 -> newest = newest - 2
        fi;
        for (i : 0 .. NODES - 1) { age[i] = OVERLAP + 1; isLate[i] = 1; foundByLook[i] = 1; transactionAge[i] = 0 }
        for (i : 0 .. READERS - 1) {
            owed[i] = client[i] != UNKNOWN && client[i] != NONE && EPOCH(client[i]) == epoch && SEQ(client[i]) > newest
        }
        inTransaction = 0; transactionNode = 0
    }
    /* The application takes a permission away, then calls EventStream.channelPermissionChanged on a node. */
    :: atomic {
        revokes > 0 ->
        revokes--;
        select(n : 0 .. NODES - 1);
        mayRead[READERS - 1] = 0;
        recheckIsQueued[n] = 1;                           /* Fanout.recheck */
        permissionOut[n] = NODES > 1;                     /* NodeBus.permissionChanged */
        n = 0
    }
    /* a node dies; another one takes its address */
    :: atomic {
        crashes > 0 ->
        crashes--;
        select(n : 0 .. NODES - 1);
        skip;
        d_step {
            for (i : 0 .. READERS - 1) {
                if
                :: at[i] == n && (stream[i] != OFF && stream[i] != REFUSED) -> 
                    do
                    :: HAS_FRAMES(i) -> pipe[i]?_, _
                    :: !HAS_FRAMES(i) -> break
                    od;
                    endStream(i, OFF); wire[i] = NONE; ended[i] = 0
                :: else -> skip
                fi
            }
            unannounced[n * 3 + 1] = 0; unannounced[n * 3 + 2] = 0;
            notes[n * 3 + 1] = 0; notes[n * 3 + 2] = 0;
            loaded[n] = 0; loading[n] = 0; loadedPosition[n] = NONE; missedWhileLoading[n] = 0; feed[n] = NONE; before[n] = 0;
            generation[n] = 0;
            reading[n] = IDLE; readAgain[n] = 0; readFound[n] = NOTHING; readThrough[n] = NONE;
            looked[n] = 0; lookFound[n] = NONE; lookFrom[n] = NONE; suspicions[n] = 0; suspected[n] = 0;
            news[n] = 0;
            permissionOut[n] = 0; permissionNote[n] = 0; interrupted[n] = 0; recheckIsQueued[n] = 0; changed[n] = 0;
            if
            :: inTransaction && transactionNode == n ->
                for (i : 0 .. NODES - 1) { transactionAge[i] = 0 }
                inTransaction = 0; transactionNode = 0
            :: else -> skip
            fi
        }
        n = 0
    }
    od
}

/* ---- a node's threads */

/* After the commit, on the thread of a sender (GroupCommit) or on eventstream-committed: Announcements, Fanout.announce,
   NodeBus.announce. The announcements of several commits come in any order. */
proctype Publisher(byte n) {
    byte e, sequence;
end:
    do
    :: atomic {
        unannounced[n * 3 + 1] != 0 || unannounced[n * 3 + 2] != 0 ->
        if
        :: unannounced[n * 3 + 1] != 0 -> e = 1
        :: unannounced[n * 3 + 2] != 0 -> e = 2
        fi;
        if
        :: (unannounced[n * 3 + e] & (1 << 1)) != 0 -> sequence = 1
        :: (unannounced[n * 3 + e] & (1 << 2)) != 0 -> sequence = 2
        :: (unannounced[n * 3 + e] & (1 << 3)) != 0 -> sequence = 3
        :: (unannounced[n * 3 + e] & (1 << 4)) != 0 -> sequence = 4
        fi;
        d_step {
            unannounced[n * 3 + e] = unannounced[n * 3 + e] & ~(1 << sequence);
            missedWhileLoading[n] = missedWhileLoading[n] || loading[n];
            flag = loaded[n] && AT(e, sequence - 1) != feed[n] && !AT_OR_BEFORE(AT(e, sequence), feed[n]);
            if
            :: loaded[n] -> accept(n, e, sequence)
            :: else -> skip
            fi;
            if
            :: flag && !AT_OR_BEFORE(AT(e, sequence), feed[n]) -> readFeed(n); WITNESS(10) /* Verdict.GAP */
            :: else -> skip
            fi;
            noted[e] = (AT_OR_BEFORE(noted[e], AT(e, sequence)) -> AT(e, sequence) : noted[e]);
            for (i : 0 .. NODES - 1) {
                if
                :: i != n -> notes[i * 3 + e] = REPEATS
                :: else -> skip
                fi
            }
        };
        e = 0; sequence = 0
    }
    od
}

/* The bus, NodeBus, BusListener.moved, Fanout.announceNewest. The bus loses, repeats and reorders. */
proctype Bus(byte n) {
    byte e;
end:
    do
    :: atomic {
        notes[n * 3 + 1] > 0 || notes[n * 3 + 2] > 0 ->
        if
        :: notes[n * 3 + 1] > 0 -> e = 1
        :: notes[n * 3 + 2] > 0 -> e = 2
        fi;
        if
        :: loaded[n] && !AT_OR_BEFORE(noted[e], feed[n]) -> notes[n * 3 + e]--; readFeed(n); WITNESS(16)
        :: notes[n * 3 + e] = 0 /* lost, or without effect */
        fi;
        e = 0
    }
    /* NodeBus.sendRound */
    :: d_step {
        permissionOut[n] ->
        permissionOut[n] = 0;
        for (i : 0 .. NODES - 1) { permissionNote[i] = permissionNote[i] || i != n }
    }
    /* BusListener.permissionChanged, Fanout.recheck */
    :: d_step { permissionNote[n] && !interrupted[n] -> permissionNote[n] = 0; recheckIsQueued[n] = 1 }
    /* the connection breaks, and the message is lost */
    :: d_step { permissionNote[n] && !interrupted[n] -> permissionNote[n] = 0; interrupted[n] = 1 }
    /* NodeBus.opened, BusListener.interrupted, Fanout.recheckAll */
    :: d_step {
        interrupted[n] ->
        interrupted[n] = 0;
#ifndef BUG_NO_RECHECK
        recheckIsQueued[n] = 1
#endif
    }
    od
}

/* Feeds.load, on the thread of the first request that needs the feed */
#define WANTS_FEED(r, n) (stream[r] == ASKED && at[r] == n)
proctype FeedLoader(byte n) {
end:
    do
    :: d_step {
#if READERS == 1
        !loaded[n] && !loading[n] && WANTS_FEED(0, n) ->
#else
        !loaded[n] && !loading[n] && (WANTS_FEED(0, n) || WANTS_FEED(1, n)) ->
#endif
        loading[n] = 1; loadedPosition[n] = NEWEST
    }
    :: d_step {
        loading[n] ->
        loading[n] = 0; loaded[n] = 1; feed[n] = loadedPosition[n]; before[n] = SEQ(loadedPosition[n]); loadedPosition[n] = NONE;
        if
        :: missedWhileLoading[n] -> missedWhileLoading[n] = 0; readFeed(n); WITNESS(11)
        :: else -> skip
        fi
    }
    od
}

/* FeedReader, on eventstream-catch-up */
proctype FeedRead(byte n) {
end:
    do
    /* FeedReader.readPage: SharedPages.readAfter */
    :: d_step {
        reading[n] == READING ->
        readLog(feed[n]);
        reading[n] = READ; readFound[n] = found; readThrough[n] = (found == UNAVAILABLE -> lost : AT(epoch, hi))
    }
    /* FeedReader.apply; meanwhile the feed may have moved */
    :: d_step {
        reading[n] == READ ->
        if
        :: readFound[n] == FOUND ->
            for (s : 1 .. SEQ(readThrough[n])) { accept(n, EPOCH(readThrough[n]), s) }
        :: readFound[n] == UNAVAILABLE ->
            feed[n] = readThrough[n]; before[n] = SEQ(readThrough[n]); generation[n]++; news[n] = 1; WITNESS(4)
        :: else -> skip
        fi;
        reading[n] = (readFound[n] == FOUND || readAgain[n] -> READING : IDLE);
        readAgain[n] = 0; readFound[n] = NOTHING; readThrough[n] = NONE
    }
    od
}

/* LogPoll, on eventstream-poll: a look at the window, a full look, and the detection of a log that has gone back. */
proctype Look(byte n) {
end:
    do
    /* the window: one query for events with created_at >= now - overlap, at all channels */
    :: d_step {
        !looked[n] && ((newest > 0 && age[n] <= OVERLAP) || (inTransaction && transactionAge[n] <= OVERLAP)) ->
        if
        :: newest > 0 && age[n] <= WINDOW && loaded[n] ->
            looked[n] = 1; lookFound[n] = NEWEST; lookFrom[n] = feed[n]; foundByLook[n] = 1
        :: newest > 0 && age[n] <= WINDOW && !loaded[n] -> foundByLook[n] = 1
        :: else -> assert(newest == 0 || foundByLook[n] || isLate[n]) /* the next look finds what a short transaction sent */
        fi;
        age[n] = MIN(age[n] + 1, OVERLAP + 1);
        transactionAge[n] = (inTransaction -> MIN(transactionAge[n] + 1, OVERLAP + 1) : 0)
    }
    /* the full look: the newest positions of all channels with streams */
#ifndef BUG_NO_FULL_LOOK
    :: atomic {
        !looked[n] && loaded[n] && suspicions[n] < LOOKS && (feed[n] != NEWEST || suspicions[n] > 0 || idleLooks[n] > 0) ->
        if
        :: feed[n] == NEWEST && suspicions[n] == 0 -> idleLooks[n]--
        :: else -> skip
        fi;
        looked[n] = 1; lookFound[n] = NEWEST; lookFrom[n] = feed[n]; foundByLook[n] = 1
    }
    /* the same, with an answer that is out of date */
    :: d_step {
        !looked[n] && loaded[n] && stale > 0 && newest > trimmed ->
        stale--;
        looked[n] = 1; lookFound[n] = AT(epoch, newest - 1); lookFrom[n] = feed[n]
    }
#endif
    /* acts on the answer: compares it with the position that the feed had before the query; Fanout.announceNewest */
    :: d_step {
        looked[n] ->
        looked[n] = 0;
#ifdef BUG_COMPARED_LATE
        flag = BEHIND(lookFound[n], feed[n]);
#else
        flag = BEHIND(lookFound[n], lookFrom[n]);
#endif
        suspicions[n] = (flag -> (suspected[n] == EPOCH(lookFrom[n]) -> suspicions[n] + 1 : 1) : 0);
        suspected[n] = (flag -> EPOCH(lookFrom[n]) : 0);  /* both looks must be about the same log */
        if
        :: suspicions[n] < LOOKS -> skip
        :: suspicions[n] >= LOOKS && inTransaction -> suspicions[n] = LOOKS - 1 /* the channel is locked: later */
        :: suspicions[n] >= LOOKS && !inTransaction ->
#ifdef BUG_BACK_UNDETECTED
            skip
#else
            suspicions[n] = 0; suspected[n] = 0;
            if
            :: epoch == EPOCH(lookFrom[n]) ->              /* no other node has done it */
                WITNESS(7);
                assert(wentBack[epoch]);                  /* a busy or quiet channel never causes a reset */
                epoch++;
                committed[epoch] = newest; renewedAt[epoch] = newest
            :: else -> WITNESS(8)
            fi;
            readFeed(n)
#endif
        fi;
        if
        :: loaded[n] && !AT_OR_BEFORE(lookFound[n], feed[n]) -> readFeed(n); WITNESS(9)
        :: else -> skip
        fi;
        lookFound[n] = NONE; lookFrom[n] = NONE
    }
    od
}

#define WANTS_LIVE(r, n) (stream[r] == WAITING && at[r] == n)
#define HAS_JOINED(r) (stream[r] != OFF && stream[r] != ASKED && stream[r] != BEGUN && stream[r] != NEW && stream[r] != REFUSED)
#define HAS_TASK(r, n) (at[r] == n && (stream[r] == NEW || stream[r] == CAUGHT_UP || stream[r] == AHEAD \
    || (stream[r] == DRAINING && HAS_ROOM(r)) || (joinCheck[r] && HAS_JOINED(r))))

inline attend(r, n) {
    if
    /* ShardStreams.attend, join */
    :: stream[r] == NEW -> stream[r] = WAITING
    /* Shard.join: AccessChanges.of */
    :: joinCheck[r] && HAS_JOINED(r) -> joinCheck[r] = 0; check[r] = check[r] || changed[n];
        if
        :: changed[n] -> WITNESS(14)
        :: else -> skip
        fi
    /* ShardStreams.caughtUp, isAheadOfAFeed */
    :: stream[r] == CAUGHT_UP ->
#ifdef BUG_JOINED_LATE
        flush(n);
        if
        :: !HAS_LIVE(n) -> gathered[n] = feed[n]; handed[n] = feed[n]; followed[n] = generation[n]
        :: else -> skip
        fi;
        stream[r] = LIVE; position[r] = NONE              /* goes live where the feed is by now */
#else
        if
        :: FEED_ANSWERS(n, position[r]) -> stream[r] = WAITING
        :: else -> readFeed(n); stream[r] = AHEAD; WITNESS(15)
        fi
#endif
    /* ShardStreams.tick */
    :: stream[r] == AHEAD -> stream[r] = WAITING
    /* StreamSink.drained */
    :: stream[r] == DRAINING && HAS_ROOM(r) -> stream[r] = WAITING
    fi
}

inline goLive(r, n) {
    if
    :: !WANTS_LIVE(r, n) -> skip                          /* the client has left */
    :: WANTS_LIVE(r, n) && (!FEED_ANSWERS(n, position[r]) || (HAS_LIVE(n) && generation[n] != followed[n])) ->
        stream[r] = CATCHING_UP
    :: WANTS_LIVE(r, n) && FEED_ANSWERS(n, position[r]) && HAS_LIVE(n) && generation[n] == followed[n] &&
        SEQ(gathered[n]) < SEQ(position[r]) -> stream[r] = AHEAD; WITNESS(2) /* Rest.Ahead */
    :: else ->
        ep = EPOCH(feed[n]); lo = SEQ(position[r]); hi = (HAS_LIVE(n) -> SEQ(gathered[n]) : SEQ(feed[n]));
        if
        :: lo < hi && IS_FULL(r) -> stream[r] = DRAINING
        :: lo < hi && HAS_ROOM(r) -> write(r, ep, lo, hi); position[r] = AT(ep, hi)
        :: lo >= hi -> skip
        fi;
        if
        :: stream[r] == WAITING ->
#ifndef BUG_ENTERED_UNFLUSHED
            if
            :: HAS_LIVE(n) && handed[n] != gathered[n] -> WITNESS(12); flush(n)
            :: else -> skip
            fi;
#endif
            if
            :: HAS_LIVE(n) -> skip
            :: else -> gathered[n] = position[r]; handed[n] = position[r]; followed[n] = generation[n]
            fi;
            stream[r] = LIVE; position[r] = NONE
        :: else -> skip
        fi
    fi
}

/* Shard, ShardStreams, ShardChannels, LiveStreams, Cohort, on eventstream-fanout: its tasks come in any order. */
proctype Fanout(byte n) {
    byte r;
end:
    do
    /* Shard.news, pull; ShardStreams.retryAhead */
    :: d_step {
        news[n] ->
        news[n] = 0;
        pull(n);
        for (s : 0 .. READERS - 1) {
            if
            :: stream[s] == AHEAD && at[s] == n -> stream[s] = WAITING
            :: else -> skip
            fi
        }
    }
    /* ShardStreams.flush, at the end of a round */
    :: d_step { HAS_LIVE(n) && handed[n] != gathered[n] -> flush(n) }
    /* Shard.recheck, recheckAll */
    :: d_step {
        recheckIsQueued[n] ->
        recheckIsQueued[n] = 0; changed[n] = 1;
        for (i : 0 .. READERS - 1) {
            if
            :: at[i] == n && HAS_JOINED(i) -> check[i] = 1
            :: else -> skip
            fi
        }
    }
    :: atomic { HAS_TASK(0, n) -> r = 0; attend(r, n) }
#if READERS > 1
    :: atomic { HAS_TASK(1, n) -> r = 1; attend(r, n) }
#endif
    /* ShardStreams.goLive: first pull, then ShardChannels.rest and enter; in between the feed may move, but no other task runs */
    :: d_step { WANTS_LIVE(0, n) -> r = 0; pull(n) }; d_step { goLive(r, n); r = 0 }
#if READERS > 1
    :: d_step { WANTS_LIVE(1, n) -> r = 1; pull(n) }; d_step { goLive(r, n); r = 0 }
#endif
    od
}

inline readPage(r) {
    find(at[r], position[r]);
    if
    :: found == NOTHING -> stream[r] = CAUGHT_UP
    :: found != NOTHING && IS_FULL(r) -> stream[r] = DRAINING /* Outcome.REFUSED */
    :: found == FOUND && HAS_ROOM(r) -> write(r, ep, lo, hi); position[r] = AT(ep, hi)
    :: found == UNAVAILABLE && HAS_ROOM(r) ->
        if
        :: IS_TRIMMED(position[r]) -> WITNESS(5)
        :: EPOCH(position[r]) != EPOCH(lost) -> WITNESS(6)
        :: else -> WITNESS(17)
        fi;
        writeReset(r, lost); position[r] = lost
    fi
}

/* StreamCatchUp and Replay, on eventstream-catch-up; PermissionChecks, on eventstream-permissions */
proctype Tasks(byte r) {
end:
    do
    :: d_step { stream[r] == CATCHING_UP -> readPage(r) }
    :: d_step { stream[r] == CATCHING_UP -> readPage(r); stream[r] = (stream[r] == CATCHING_UP -> WAITING : stream[r]) } /* MORE */
    /* PermissionChecks.ask: StreamSink.end after everything pending */
    :: d_step {
        check[r] ->
        check[r] = 0;
        if
        :: !mayRead[r] -> endStream(r, REFUSED); ended[r] = 1; WITNESS(13)
        :: else -> skip
        fi
    }
#if RECHECKS > 0
    /* eventStream.recheck */
    :: d_step {
        HAS_JOINED(r) && !mayRead[r] && !check[r] -> check[r] = 1
    }
#endif
    od
}

inline begin(r) {
    client[r] = (client[r] == UNKNOWN -> feed[at[r]] : client[r]);
#ifdef BUG_RESUMED_NOWHERE
    position[r] = feed[at[r]];
#else
    position[r] = client[r];
#endif
    wire[r] = client[r];
    stream[r] = BEGUN
}

/* A client, and the request that opens its stream: EventsResource, StreamStart, HoldHandler, Fanout.subscribe. */
proctype Client(byte r) {
    byte n;
end:
    do
    /* reads one event, or a reset */
    :: d_step {
        HAS_FRAMES(r) ->
        pipe[r]?<i, flag>;
        if
        :: flag -> client[r] = i; owed[r] = 0; pipe[r]?_, _
        :: else ->
            client[r] = AT(EPOCH(i), SEQ(client[r]) + 1);
            if
            :: client[r] == i -> pipe[r]?_, _
            :: else -> skip
            fi
        fi
    }
    /* EventsResource.checkMayRead */
    :: atomic {
        stream[r] == OFF ->
        select(n : 0 .. NODES - 1);
        if
        :: mayRead[r] -> at[r] = n; stream[r] = ASKED
        :: !mayRead[r] -> stream[r] = REFUSED
        fi;
        n = 0
    }
    /* StreamStart.begin: from the Last-Event-ID or the newest event */
    :: d_step { stream[r] == ASKED && loaded[at[r]] -> begin(r) }
    /* the same with the first page, unless memory is short */
    :: d_step {
        stream[r] == ASKED && loaded[at[r]] ->
        begin(r);
        find(at[r], position[r]);
        if
        :: found == FOUND -> write(r, ep, lo, hi); position[r] = AT(ep, hi); WITNESS(18)
        :: found == UNAVAILABLE -> writeReset(r, lost); position[r] = lost
        :: else -> skip
        fi
    }
    /* HoldHandler.begin, Fanout.subscribe, Shard.join */
    :: d_step { stream[r] == BEGUN -> stream[r] = NEW; joinCheck[r] = REVOKES }
    /* the connection breaks */
    :: d_step {
        cuts > 0 && stream[r] != OFF && stream[r] != REFUSED ->
        cuts--;
        do
        :: HAS_FRAMES(r) -> pipe[r]?_, _
        :: !HAS_FRAMES(r) -> break
        od;
        endStream(r, OFF); wire[r] = NONE
    }
    od
}

/* ---- the contract */

/* The reader has everything, or was refused for good. A position after a reset counts: the reset told the reader. */
#define IS_NEWEST(p) ((newest == 0 && (p) == NONE) || (newest > 0 && (p) == epoch * 8 + newest))
#define HAS_ALL(r) ((mayRead[r] && IS_NEWEST(client[r]) && !owed[r]) || (!mayRead[r] && stream[r] == REFUSED))
#if READERS == 1
#define SERVED HAS_ALL(0)
#else
#define SERVED (HAS_ALL(0) && HAS_ALL(1))
#endif

#ifdef LIVENESS
/* Events, failures and cuts are limited in number. After the last one, every reader gets everything, and stays there. */
ltl every_event_arrives { <>[] (SERVED) }

/* Time passes. Without it, a run would end when nothing is left to do, and the formula would say nothing about its end. */
proctype Time() {
    do
    :: epoch > 0
    od
}
#else
/* When no step is left, no reader waits for anything. */
proctype Judge() {
end:
    do
    :: timeout -> assert(SERVED)
    od
}
#endif

init {
    byte n;
    atomic {
        for (n : 0 .. NODES - 1) {
            idleLooks[n] = IDLE_LOOKS;
            run Publisher(n); run Bus(n); run FeedLoader(n); run FeedRead(n); run Look(n); run Fanout(n)
        }
        for (n : 0 .. READERS - 1) { run Tasks(n); run Client(n) }
        n = 0;
        run Application();
#ifdef COUNT
        c_code { atexit(reportWitnesses); };
#endif
#ifdef LIVENESS
        run Time()
#else
        run Judge()
#endif
    }
}
