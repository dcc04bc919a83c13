package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.PositionReset;
import dev.eventstream.stream.StreamView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One stream, from the point of view of its shard.
 *
 * <p>State, position, resets and losses are confined to the shard's thread. The exceptions are position and resets while the stream catches
 * up: then they belong to the one catch-up task. Reports of other threads are flags here, and a task in the shard's queue makes the shard look
 * at them. If that task is lost for lack of memory, the shard's tick still finds the report.
 */
final class Subscription {
    /** What the stream is doing. */
    enum State {
        /** It has not joined its shard yet. */
        NEW,
        /** Waits for its turn, for memory, for the database or for a feed. */
        WAITING,
        /** A catch-up task is running. */
        CATCHING_UP,
        /** Its client must read what is pending first. */
        DRAINING,
        /** It is in its cohort. */
        LIVE,
        /** It has ended. */
        ENDED
    }

    /** How a catch-up task ended. */
    enum Outcome {
        /** The log has nothing newer. */
        CAUGHT_UP,
        /** There is more, but it is another stream's turn. */
        MORE,
        /** The sink refused the last page. */
        REFUSED,
        /** There was no memory for the next page. */
        NO_MEMORY,
        /** The log could not be read. */
        UNREADABLE,
        /** Something else failed. */
        FAILED
    }

    /** Resets that are remembered. */
    private static final int MAX_RESETS = 8;

    private final int number;
    private final String client;
    private final LastEventId start;
    private final StreamView view;
    private final Admission admission;
    private final StreamTimes times;
    private final List<ChannelName> channels;
    private final List<ChannelName> stored;
    private @Nullable StreamSink sink;

    // reports of other threads
    private final AtomicBoolean wakeUpIsQueued = new AtomicBoolean();
    private volatile @Nullable Outcome outcome;
    private volatile boolean drained;
    private volatile boolean closed;

    // shard's thread only
    private State state = State.NEW;
    private LastEventId position;
    private List<PositionReset> resets;
    private boolean isAhead;
    private int seat;
    private long behindSinceNanos;
    private final Set<ChannelName> lost = new LinkedHashSet<>(0);

    /**
     * @param number distinguishes it from the other streams of this node
     * @param stored those of the channels that are stored
     */
    Subscription(int number, HoldInstruction instruction, List<ChannelName> stored, StreamTimes times) {
        this.number = number;
        this.client = instruction.origin().client();
        this.start = instruction.origin().start();
        this.resets = instruction.origin().resets();
        this.times = times;
        this.view = instruction.view();
        this.admission = instruction.admission();
        this.channels = instruction.channels();
        this.stored = stored;
        this.position = instruction.position();
        this.behindSinceNanos = admission.requestedNanos();
    }

    int number() {
        return number;
    }

    /** The address of its client. */
    String client() {
        return client;
    }

    /** Where it started. */
    LastEventId start() {
        return start;
    }

    Reader reader() {
        return view.reader();
    }

    /** What it shows, and to whom. */
    StreamView view() {
        return view;
    }

    /** Whether it shows an event, unless that was stored and has an id to be told. */
    boolean shows(EncodedEvent event) {
        return view.types().shows(event.type()) && !event.isHiddenFrom(view.reader());
    }

    Admission admission() {
        return admission;
    }

    /** When it must be checked or end; the shard's thread only. */
    StreamTimes times() {
        return times;
    }

    /** All channels, sorted by name. */
    List<ChannelName> channels() {
        return channels;
    }

    List<ChannelName> stored() {
        return stored;
    }

    void writeTo(StreamSink streamSink) {
        this.sink = streamSink;
    }

    StreamSink sink() {
        StreamSink streamSink = sink;
        if (streamSink == null) {
            throw new IllegalStateException("the stream has no sink yet");
        }
        return streamSink;
    }

    // ---- reports, any thread

    void reportOutcome(Outcome ended) {
        outcome = ended;
    }

    void reportDrained() {
        drained = true;
    }

    void reportClosed() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean hasReport() {
        return outcome != null || drained || closed;
    }

    /** Whether the caller must queue a wake-up for the shard, because none is queued yet. */
    boolean claimWakeUp() {
        return wakeUpIsQueued.compareAndSet(false, true);
    }

    void releaseWakeUp() {
        wakeUpIsQueued.set(false);
    }

    /** How a catch-up task ended; empty until another one ends. */
    Optional<Outcome> takeOutcome() {
        Outcome ended = outcome;
        outcome = null;
        return Optional.ofNullable(ended);
    }

    /** Whether the client has read everything pending since the last call. */
    boolean takeDrained() {
        boolean was = drained;
        drained = false;
        return was;
    }

    // ---- shard's thread

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    LastEventId position() {
        return position;
    }

    void moveTo(LastEventId next) {
        position = next;
    }

    /** The newest of its resets, in order. */
    List<PositionReset> resets() {
        return resets;
    }

    void noteResets(List<PositionReset> more) {
        if (!more.isEmpty()) {
            List<PositionReset> all = new ArrayList<>(resets);
            all.addAll(more);
            resets = List.copyOf(all.subList(Math.max(0, all.size() - MAX_RESETS), all.size()));
        }
    }

    /** Whether it has reached its position with events that it does not show, so its client may not have been told. */
    boolean isAhead() {
        return isAhead;
    }

    void leaveAhead(boolean ahead) {
        isAhead = ahead;
    }

    /** When it fell behind: at its request, or when it left its cohort. */
    long behindSinceNanos() {
        return behindSinceNanos;
    }

    void fellBehind(long nowNanos) {
        behindSinceNanos = nowNanos;
    }

    /** Its index in its cohort's list. */
    int seat() {
        return seat;
    }

    void sit(int index) {
        seat = index;
    }

    /** Unstored channels of which it lost events and whose reset its client has not got yet. */
    List<ChannelName> lost() {
        return List.copyOf(lost);
    }

    void lose(Set<ChannelName> unstored) {
        lost.addAll(unstored);
    }

    void lossesTold() {
        lost.clear();
    }
}
