package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fan-out thread and the streams that only it touches.
 *
 * <p>Thread-safe. Every method except {@link #stop} and {@link #awaitRoom} only puts a task in the thread's queue; everything else is confined to the
 * thread. Reports of other threads are also kept in flags and positions that the tick looks at, so a task that is lost delays a
 * stream but does not stop it.
 */
final class Shard {
    private static final Logger LOGGER = LoggerFactory.getLogger(Shard.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final int TICKS_PER_RETRY = 4;

    /** The client of a stream that shows only some types of events is told its position once in this many ticks, which is 20 s. */
    private static final int TICKS_PER_POSITION = 80;

    private final ShardThread thread;
    private final ShardChannels channels;
    private final ShardStreams streams;
    private final ShardAccess access;
    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final Ticker ticker;
    private final Runnable chores;
    private final AtomicReference<@Nullable StreamSurvey> surveying = new AtomicReference<>();

    // confined to the thread
    private int ticks;

    /**
     * @param chores run on the thread about once a second
     */
    Shard(ShardResources shared, Heartbeat heartbeat, Runnable chores) {
        this.memory = shared.memory();
        this.metrics = shared.metrics();
        this.ticker = shared.ticker();
        this.chores = chores;
        LiveStreams live = new LiveStreams(memory, metrics, shared.tracing());
        this.channels = new ShardChannels(shared.feeds(), live, memory);
        this.streams = new ShardStreams(channels, live, shared, this::wake);
        this.access = new ShardAccess(streams.joined(), shared);
        this.thread = new ShardThread(streams::flush, this::tick, heartbeat, ticker);
    }

    /** Starts on a thread of the executor, which it occupies until it is stopped. */
    void start(Executor owner) {
        owner.execute(thread);
    }

    /** Ends the thread. Later events are not delivered. */
    void stop() throws InterruptedException {
        thread.stop(STOP_TIMEOUT);
    }

    /** Whether a stream here reads the channel. */
    boolean reads(ChannelName channel) {
        return channels.find(channel).isPresent();
    }

    /** Adds a stream, which must have its sink. */
    void join(Subscription subscription) {
        metrics.opened();
        channels.expect(subscription);
        wake(subscription);
        thread.put(() -> access.joined(subscription));
    }

    /** The listener for the sink of a stream. */
    StreamSink.Listener listener(Subscription subscription) {
        return new StreamSink.Listener() {
            @Override
            public void drained() {
                subscription.reportDrained();
                wake(subscription);
            }

            @Override
            public void closed(CloseReason cause) {
                LOGGER.debug("Stream of {} ended: {}", subscription.reader(), cause.label());
                metrics.closed(cause);
                subscription.reportClosed();
                wake(subscription);
            }
        };
    }

    /** The feed of a stored channel has moved. */
    void news(ChannelName name) {
        channels.find(name)
                .filter(ShardChannel::claimNews)
                .ifPresent(channel -> thread.put(() -> {
                    pull(channel);
                    streams.retryAhead();
                }));
    }

    /** Passes on an event of an unstored channel. If there is no memory for it, its readers get a reset. */
    void pass(ChannelName name, EncodedEvent event) {
        channels.find(name).ifPresent(channel -> {
            if (memory.tryReserve(event.footprint())) {
                thread.put(() -> {
                    memory.release(event.footprint());
                    channels.pass(channel, event);
                });
            } else if (channel.reportLoss()) {
                thread.put(() -> lose(channel));
            }
        });
    }

    /** Waits while the thread is far behind; see {@link ShardThread#awaitRoom}. */
    void awaitRoom(Duration limit) {
        thread.awaitRoom(limit);
    }

    /** Sends a reset to the readers of unstored channels, because events of other nodes were lost. */
    void missedUnstored() {
        thread.put(channels::loseUnstored);
    }

    /** Applies a change of rights to the streams that it affects. */
    void apply(AccessChange change) {
        if (access.add(change)) {
            thread.put(access::applyChanges);
        }
    }

    /** Asks the authorizer again about every channel of every stream. */
    void recheckAll() {
        thread.put(access::recheckAll);
    }

    /** Describes all streams. Surveys at the same time share one, so there is at most one in the queue. */
    CompletableFuture<List<StreamInfo>> survey() {
        StreamSurvey mine = new StreamSurvey(streams::describe, thread::put);
        StreamSurvey last = surveying.getAndUpdate(current -> current == null || current.isDone() ? mine : current);
        if (last != null && !last.isDone()) {
            return last.result();
        }
        mine.start(() -> streams.joined().all());
        return mine.result();
    }

    // ---- the thread

    private void wake(Subscription subscription) {
        if (subscription.claimWakeUp()) {
            thread.put(() -> streams.attend(subscription));
        }
    }

    private void pull(ShardChannel channel) {
        channel.releaseNews();
        if (streams.pull(channel.name())) {
            news(channel.name());
        }
    }

    private void lose(ShardChannel channel) {
        if (!channel.takeLoss()) {
            return;
        }
        LOGGER.warn(
                "Events of the unstored channel=\"{}\" are lost to its readers: {} of {} bytes for waiting events are in"
                        + " use (eventStream.memory)",
                channel.name(),
                memory.used(),
                memory.limit());
        channels.lose(channel);
    }

    private void tick() {
        streams.tick();
        access.tick(ShardThread.TICK);
        if (ticks % TICKS_PER_POSITION == 0) {
            streams.tellPositions();
        }
        if (ticks++ % TICKS_PER_RETRY == 0) {
            streams.retryDelayed();
            access.applyChanges();
            List.copyOf(channels.all()).forEach(this::refresh);
            chores.run();
        }
    }

    /** Does the work of queued tasks that were lost for lack of memory. */
    private void refresh(ShardChannel channel) {
        pull(channel);
        lose(channel);
    }
}
