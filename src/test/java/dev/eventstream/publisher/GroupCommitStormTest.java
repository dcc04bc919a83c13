package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many senders, a store that fails in every way it can, and interrupts and timeouts at random moments: whatever happens, each
 * sender learns the true outcome, and the lead is never lost.
 */
class GroupCommitStormTest {
    private static final int SENDS = 3_000;

    private enum Fate {
        STORED,
        NOT_STORED,
        UNKNOWN
    }

    private final long seed = new Random().nextLong();
    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final List<Event> announced = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Fate> fates = new ConcurrentHashMap<>();
    private final Random trouble = new Random(seed);
    private final AtomicInteger commits = new AtomicInteger();

    /** Two leaders at once would be two threads in here. */
    private final AtomicInteger leaders = new AtomicInteger();

    private final AtomicInteger mostLeaders = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"8, 60000, false", "8, 60000, true", "16, 3, false", "16, 3, true", "3, 1, true"})
    void every_sender_is_told_the_truth_and_the_lead_is_never_lost(int threads, int patienceMillis, boolean interrupts)
            throws InterruptedException {
        GroupCommit group = new GroupCommit(
                Duration.ofMillis(patienceMillis), Duration.ofMillis(patienceMillis), Ticker.systemTicker());
        List<Thread> senders = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> send(group, i, SENDS / threads), "sender " + i))
                .toList();
        AtomicBoolean storming = new AtomicBoolean(true);
        Thread interrupter = new Thread(() -> interruptAtRandom(senders, storming), "interrupter");
        senders.forEach(Thread::start);
        if (interrupts) {
            interrupter.start();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        for (Thread sender : senders) {
            sender.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            assertThat(sender.isAlive())
                    .as("%s, seed %d, waits for ever", sender.getName(), seed)
                    .isFalse();
        }
        storming.set(false);
        interrupter.join(10_000);

        assertEverySenderWasToldTheTruth(threads * (SENDS / threads));
        assertThat(mostLeaders).as("leaders at once").hasValue(1);
        assertThat(commits).hasValueLessThan(2 * SENDS);
        assertTheLeadIsFree(group);
    }

    private void send(GroupCommit group, int sender, int times) {
        for (int i = 0; i < times; i++) {
            String data = sender + "." + i;
            try {
                List<Event> stored = group.run(List.of(NewEvent.text("a", "message", data)), this::store);
                assertThat(stored).extracting(Event::data).containsExactly(data);
                fates.put(data, Fate.STORED);
            } catch (EventStoreException e) {
                fates.put(data, e.outcome() == Outcome.NOT_STORED ? Fate.NOT_STORED : Fate.UNKNOWN);
            }
            forgetInterrupt();
        }
    }

    private static void forgetInterrupt() {
        boolean ignored = Thread.interrupted();
    }

    private List<Event> store(List<NewEvent> events, Duration maxLockWait) {
        mostLeaders.accumulateAndGet(leaders.incrementAndGet(), Math::max);
        try {
            commits.incrementAndGet();
            LockSupport.parkNanos(trouble.nextInt(400_000));
            return switch (trouble.nextInt(20)) {
                case 0 -> throw new EventStoreException("refused", new IllegalStateException());
                case 1 -> throw new EventStoreException("cut before", Outcome.UNKNOWN, new IllegalStateException());
                case 2 -> {
                    announced.addAll(store.append(events).added());
                    throw new EventStoreException("cut after", Outcome.UNKNOWN, new IllegalStateException());
                }
                case 3 -> throw new IllegalStateException("surprise");
                case 4 -> throw new StackOverflowError();
                default -> {
                    Appended appended = store.append(events);
                    announced.addAll(appended.added());
                    yield appended.events();
                }
            };
        } finally {
            leaders.decrementAndGet();
        }
    }

    private void interruptAtRandom(List<Thread> senders, AtomicBoolean storming) {
        Random random = new Random(seed + 1);
        while (storming.get()) {
            senders.get(random.nextInt(senders.size())).interrupt();
            LockSupport.parkNanos(random.nextInt(300_000));
        }
    }

    private void assertEverySenderWasToldTheTruth(int expected) {
        List<Event> stored = stored();
        List<String> data = stored.stream().map(Event::data).toList();
        Set<String> once = new HashSet<>(data);
        assertThat(once).as("seed %d: stored twice", seed).hasSameSizeAs(data);
        assertThat(fates).as("seed %d", seed).hasSize(expected);
        fates.forEach((sent, fate) -> {
            switch (fate) {
                case STORED ->
                    assertThat(once.contains(sent))
                            .as("seed %d: %s is lost", seed, sent)
                            .isTrue();
                case NOT_STORED ->
                    assertThat(once.contains(sent))
                            .as("seed %d: %s is there", seed, sent)
                            .isFalse();
                case UNKNOWN -> {
                    // it may be there or not
                }
            }
        });
        assertThat(announced).as("seed %d: announced in commit order", seed).isEqualTo(stored);
        assertThat(fates.values()).as("seed %d", seed).contains(Fate.STORED, Fate.NOT_STORED, Fate.UNKNOWN);
    }

    private void assertTheLeadIsFree(GroupCommit group) {
        int before = commits.get();
        send(group, -1, 3);
        assertThat(commits).as("seed %d: a lone sender commits at once", seed).hasValue(before + 3);
    }

    private List<Event> stored() {
        EventPage page = store.readAfter(new ChannelName("a"), EventId.NONE, new PageLimit(SENDS, Integer.MAX_VALUE));
        return ((EventPage.Range) page).events();
    }
}
