package dev.eventstream.torture;

import static net.bytebuddy.matcher.ElementMatchers.any;
import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import com.google.common.collect.Sets;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/**
 * Copies of a few of the product's classes with planted code, in a directory that comes before the product on a node's class
 * path. So the product needs no support for faults.
 */
final class PatchedClasses {
    private static final String ROOT = "dev.eventstream.";
    private static final String CONSTRUCTOR = "<init>";
    private static final List<Patch> ALWAYS = List.of(
            new Patch("subscriber.Fanout", CONSTRUCTOR, PlantedCode.Find.class),
            new Patch("subscriber.Fanout", "announce", PlantedCode.DropAnnouncements.class, 1));

    /** The classes that take the clock of the system; they get {@link PlantedCode#clock} instead. */
    private static final Set<String> CLOCKED = Set.of("Assembly", "BusAssembly", "config.DatabaseBusFactory");

    private PatchedClasses() {}

    /** The places in a node's loops where an Error can be thrown. */
    enum ErrorPlace {
        FAN_OUT("subscriber.Cohort", "flush", false),
        FAN_OUT_TICK("hold.HeldStream", "maintain", false),
        CATCH_UP("subscriber.Replay", "next", false),
        POLL("subscriber.LogPoll", "run", false),
        BUS_SEND("bus.NodeBus", "publish", false),
        BUS_RECEIVE("bus.NodeBus", "pass", false),
        RETENTION("retention.Retention", "run", false),
        SWEEP("publisher.OutboxSweep", "run", true),
        DELETION("publisher.Announcements", "deleteAnnounced", true),
        LANE("control.Delivery", "finish", true);

        private final String type;
        private final String method;
        private final boolean needsProxies;

        ErrorPlace(String type, String method, boolean needsProxies) {
            this.type = type;
            this.method = method;
            this.needsProxies = needsProxies;
        }

        /** The name that the planted code uses. */
        String id() {
            return ROOT + type + '.' + method;
        }

        private Patch patch() {
            return new Patch(type, method, PlantedCode.ThrowOnce.class);
        }

        boolean needsProxies() {
            return needsProxies;
        }
    }

    /**
     * Code for a method.
     *
     * @param arguments how many arguments the method has, to choose among overloads; negative for any number
     */
    private record Patch(String type, String method, Class<?> code, int arguments) {
        Patch(String type, String method, Class<?> code) {
            this(type, method, code, -1);
        }

        ElementMatcher.Junction<MethodDescription> matcher() {
            ElementMatcher.Junction<MethodDescription> any =
                    method.equals(CONSTRUCTOR) ? isConstructor() : named(method);
            return arguments < 0 ? any : any.and(takesArguments(arguments));
        }
    }

    private static List<Patch> patches(Bug bug) {
        return switch (bug) {
            case SKIP_AFTER_COMMIT ->
                List.of(new Patch("subscriber.LiveStreams", "gather", PlantedCode.PassOver.class));
            case FORGET_EPOCH -> List.of(new Patch("store.Epochs", "next", PlantedCode.SameEpoch.class));
            case LOSE_ON_OVERFLOW -> List.of(new Patch("hold.HeldStream", "offer", PlantedCode.SaySoAnyway.class));
            case TRIM_WITHOUT_LOW_WATER_MARK ->
                List.of(
                        new Patch("store.jdbi.ChannelDao", "raiseTrimmed", PlantedCode.DoNothing.class),
                        new Patch("store.jdbi.EventDao", "read", PlantedCode.ReadWhatIsThere.class));
            case REVERSE_CATCH_UP -> List.of(new Patch("subscriber.Replay", "compose", PlantedCode.SwapEvents.class));
            case FORGET_KEYS ->
                List.of(new Patch("event.NewEvent", "withIdempotencyKey", PlantedCode.WithoutKey.class));
            case IGNORE_PERMISSIONS ->
                List.of(
                        new Patch("subscriber.Fanout", "apply", PlantedCode.DoNothing.class),
                        new Patch("http.ChannelAccess", "check", PlantedCode.DoNothing.class));
            case FORGET_BUDGET -> List.of(new Patch("subscriber.MemoryBudget", "release", PlantedCode.DoNothing.class));
            case FORGET_KICKS -> List.of(new Patch("bus.NodeBus", "accessChanged", PlantedCode.DoNothing.class));
            case FORGET_BUS_RESET ->
                List.of(
                        new Patch("subscriber.Fanout", "recheckAll", PlantedCode.DoNothing.class),
                        new Patch("subscriber.Fanout", "missedUnstored", PlantedCode.DoNothing.class));
            case FORGET_END -> List.of(new Patch("subscriber.ShardChannels", "areFinished", PlantedCode.DenyIt.class));
            case SEND_AFTER_END -> List.of(new Patch("store.jdbi.ChannelRow", "isFinished", PlantedCode.DenyIt.class));
            case LATEST_BACKWARDS -> List.of(new Patch("subscriber.Batch", "after", PlantedCode.Backwards.class));
            case FORGET_LATEST -> List.of(new Patch("channel.StoredChannels", "isLatest", PlantedCode.DenyIt.class));
            case IGNORE_TYPES -> List.of(new Patch("stream.TypeFilter", "shows", PlantedCode.SaySoAnyway.class));
            case IGNORE_START -> List.of(new Patch("store.StartLimit", "isNow", PlantedCode.SaySoAnyway.class));
            // planted elsewhere
            case NONE, REUSE_ID, DELIVER_BEFORE_COMMIT, FORGET_REPEATS -> List.of();
        };
    }

    /**
     * Writes the copies.
     *
     * @throws IllegalStateException if the product no longer has such a method; then change the list above
     */
    static void write(Path directory, Bug bug) throws IOException {
        Files.createDirectories(directory);
        Stream<Patch> errors = Stream.of(ErrorPlace.values()).map(ErrorPlace::patch);
        Map<String, List<Patch>> byType = Stream.of(ALWAYS.stream(), patches(bug).stream(), errors)
                .flatMap(patches -> patches)
                .collect(Collectors.groupingBy(Patch::type));
        for (String type : Sets.union(byType.keySet(), CLOCKED)) {
            write(directory, type, byType.getOrDefault(type, List.of()));
        }
    }

    private static void write(Path directory, String name, List<Patch> patches) throws IOException {
        TypeDescription type =
                TypePool.Default.ofSystemLoader().describe(ROOT + name).resolve();
        // by default Byte Buddy ignores synthetic methods, such as the bodies of lambdas
        DynamicType.Builder<?> copy =
                new ByteBuddy().ignore(none()).redefine(type, ClassFileLocator.ForClassLoader.ofSystemLoader());
        for (Patch patch : patches) {
            ElementMatcher.Junction<MethodDescription> method = patch.matcher();
            if (type.getDeclaredMethods().filter(method).isEmpty()) {
                throw new IllegalStateException(type + " has no method " + patch.method() + " to plant code in");
            }
            copy = copy.visit(Advice.to(patch.code()).on(method));
        }
        if (CLOCKED.contains(name)) {
            copy = copy.visit(MemberSubstitution.relaxed()
                    .method(named("systemUTC").and(isDeclaredBy(Clock.class)))
                    .replaceWith(clock())
                    .on(any()));
        }
        DynamicType.Unloaded<?> made = copy.make();
        String code = new String(made.getBytes(), StandardCharsets.ISO_8859_1);
        if (CLOCKED.contains(name) && !code.contains(PlantedCode.class.getName().replace('.', '/'))) {
            throw new IllegalStateException(type + " does not take the clock of the system");
        }
        made.saveIn(directory.toFile());
    }

    private static Method clock() {
        try {
            return PlantedCode.class.getMethod("clock");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
