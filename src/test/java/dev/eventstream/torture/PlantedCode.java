package dev.eventstream.torture;

import com.google.errorprone.annotations.Keep;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.lang.reflect.Method;
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
 * What is planted in a node: code that Byte Buddy copies into the product's methods ({@link PatchedClasses}), and what that
 * code calls. Thread-safe.
 */
public final class PlantedCode {
    private static final Logger LOGGER = LoggerFactory.getLogger(PlantedCode.class);
    private static final int SKIPPED_OF = 150;

    private static final AtomicInteger ACCEPTED = new AtomicInteger();
    private static volatile @Nullable Object fanout;
    private static volatile long dropUntilNanos = System.nanoTime();

    // places and whether it is to look like a lack of memory
    private static final Map<String, Boolean> ERRORS = new ConcurrentHashMap<>();

    private PlantedCode() {}

    /** Has an Error thrown, once, the next time that a loop comes to a place. */
    static void throwOnce(String place, boolean isMemory) {
        ERRORS.put(place, isMemory);
    }

    /** Throws what is to be thrown there; not where a request is answered, for that is no loop. */
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

    /** The announcer loses the announcements of stored events for a while. */
    static void dropAnnouncements(long millis) {
        dropUntilNanos = System.nanoTime() + millis * 1_000_000;
    }

    /** Those that are not lost. */
    public static List<Event> announced(List<Event> events) {
        return System.nanoTime() - dropUntilNanos >= 0
                ? events
                : events.stream().filter(event -> !event.isStored()).toList();
    }

    /** Whether the live streams of this node pass over the next event: one of many. */
    public static boolean isPassedOver() {
        return ACCEPTED.incrementAndGet() % SKIPPED_OF == 0;
    }

    /** Notes who the streams of this node get their events from. */
    public static void found(Object made) {
        fanout = made;
    }

    /** Has the streams of this node get events that have not committed. */
    static void announce(List<Event> uncommitted) {
        try {
            Object announcer = Objects.requireNonNull(fanout, "there is no fan-out yet");
            announcer.getClass().getMethod("announce", List.class).invoke(announcer, uncommitted);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the log of a channel begins, if that is later than a position. */
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

    /** The first two in each other's position, if there are more. */
    public static <T> List<T> swapped(List<T> events) {
        List<T> swapped = new ArrayList<>(events);
        if (swapped.size() > 2) {
            Collections.swap(swapped, 0, 1);
        }
        return swapped;
    }

    // ---- what is copied

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
