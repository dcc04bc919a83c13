package dev.eventstream.torture;

import com.google.errorprone.annotations.Keep;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.asm.Advice;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code planted in a node: what Byte Buddy copies into the product's methods ({@link PatchedClasses}), and what that code
 * calls. Thread-safe.
 */
public final class PlantedCode {
    private static final Logger LOGGER = LoggerFactory.getLogger(PlantedCode.class);
    private static final int SKIPPED_OF = 150;

    /** The system property of a node's JVM that contains by how many milliseconds its clock is ahead. */
    static final String CLOCK_PROPERTY = "torture.clock";

    private static final Clock CLOCK =
            Clock.offset(Clock.systemUTC(), Duration.ofMillis(Long.getLong(CLOCK_PROPERTY, 0)));

    private static final AtomicInteger ACCEPTED = new AtomicInteger();
    private static volatile @Nullable Object fanout;
    private static volatile long dropUntilNanos = System.nanoTime();

    // by place: whether the Error is an OutOfMemoryError
    private static final Map<String, Boolean> ERRORS = new ConcurrentHashMap<>();

    private PlantedCode() {}

    /** The clock of this node. */
    public static Clock clock() {
        return CLOCK;
    }

    /** Makes the next loop that comes to the place throw an Error, once. */
    static void throwOnce(String place, boolean isMemory) {
        ERRORS.put(place, isMemory);
    }

    /** Throws the Error for a place, if there is one; never on a request thread, because that is not a loop. */
    public static void throwIfToldTo(String place) {
        if (ERRORS.isEmpty() || Thread.currentThread().getName().startsWith("dw-")) {
            return;
        }
        Boolean isMemory = ERRORS.remove(place);
        if (isMemory != null) {
            LOGGER.warn("Throwing an error in {}", place);
            throw isMemory ? new OutOfMemoryError("planted") : new AssertionError("planted");
        }
    }

    /** Makes this node lose the announcements of stored events for a while. */
    static void dropAnnouncements(long millis) {
        dropUntilNanos = System.nanoTime() + millis * 1_000_000;
    }

    /** The events whose announcements are not lost. */
    public static List<Event> announced(List<Event> events) {
        return System.nanoTime() - dropUntilNanos >= 0
                ? events
                : events.stream().filter(event -> !event.isStored()).toList();
    }

    /** Whether the live streams of this node skip the next event: one in {@value #SKIPPED_OF}. */
    public static boolean isPassedOver() {
        return ACCEPTED.incrementAndGet() % SKIPPED_OF == 0;
    }

    /** Notes the fan-out of this node. */
    public static void found(Object made) {
        fanout = made;
    }

    /** Sends uncommitted events to the streams of this node. */
    static void announce(List<Event> uncommitted) {
        try {
            Object announcer = Objects.requireNonNull(fanout, "there is no fan-out yet");
            announcer.getClass().getMethod("announce", List.class).invoke(announcer, uncommitted);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Moves a position forward to the beginning of the channel's log. */
    public static long firstThere(Object channelRow, Handle handle, long after) {
        try {
            Method id = channelRow.getClass().getDeclaredMethod("id");
            id.setAccessible(true);
            long first = handle.createQuery(
                            "SELECT COALESCE(MIN(sequence), 1) FROM eventstream_event WHERE channel_id = ?")
                    .bind(0, (Long) id.invoke(channelRow))
                    .mapTo(Long.class)
                    .one();
            return Math.max(after, first - 1);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same events with the first two swapped, if there are more than two. */
    public static <T> List<T> swapped(List<T> events) {
        List<T> swapped = new ArrayList<>(events);
        if (swapped.size() > 2) {
            Collections.swap(swapped, 0, 1);
        }
        return swapped;
    }

    /** The items of a batch, in the opposite order if they are of a latest channel. */
    public static <T> List<T> backwards(List<ChannelName> channels, List<T> items) {
        List<T> backwards = new ArrayList<>(items);
        if (channels.stream().anyMatch(channel -> Channels.LATEST.contains(channel.value()))) {
            Collections.reverse(backwards);
        }
        return backwards;
    }

    // ---- code that is copied

    @SuppressWarnings("UnusedVariable") // the parameters are the method's own
    static final class DropAnnouncements {
        @Keep
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) List<Event> events) {
            events = announced(events);
        }
    }

    static final class ThrowOnce {
        @Keep
        @Advice.OnMethodEnter
        static void enter(@Advice.Origin("#t.#m") String place) {
            throwIfToldTo(place);
        }
    }

    static final class Find {
        @Keep
        @Advice.OnMethodExit
        static void exit(@Advice.This Object made) {
            found(made);
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class PassOver {
        @Keep
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return isPassedOver();
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class SameEpoch {
        @Keep
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) String epoch) {
            epoch = "always";
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class SaySoAnyway {
        @Keep
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean taken) {
            taken = true;
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class DenyIt {
        @Keep
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean is) {
            is = false;
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class Backwards {
        @Keep
        @Advice.OnMethodExit
        static void exit(
                @Advice.Argument(1) List<ChannelName> channels, @Advice.Return(readOnly = false) List<?> items) {
            items = backwards(channels, items);
        }
    }

    static final class DoNothing {
        @Keep
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class ReadWhatIsThere {
        @Keep
        @Advice.OnMethodEnter
        static void enter(
                @Advice.Argument(0) Object channelRow,
                @Advice.Argument(value = 1, readOnly = false) long after,
                @Advice.FieldValue("handle") Handle handle) {
            after = firstThere(channelRow, handle, after);
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class SwapEvents {
        @Keep
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 2, readOnly = false) List<?> events) {
            events = swapped(events);
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class WithoutKey {
        @Keep
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }

        @Keep
        @Advice.OnMethodExit
        static void exit(@Advice.This NewEvent event, @Advice.Return(readOnly = false) NewEvent result) {
            result = event;
        }
    }
}
