package dev.eventstream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.BaseStream;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;

/** The packages, and which other packages each may use. Add a new package to {@code DEPENDENCIES}, with the reason. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "dev.eventstream";

    /** The packages that each package may use, besides itself. */
    private static final Map<String, Set<String>> DEPENDENCIES = Map.ofEntries(
            Map.entry("channel", Set.of()),
            Map.entry("loop", Set.of()),
            Map.entry("event", Set.of("channel")),
            Map.entry("stream", Set.of("channel", "event")),
            Map.entry("store", Set.of("channel", "event")),
            Map.entry("retention", Set.of("loop", "channel", "event", "store")),
            // retention: the lease is a row in a table
            Map.entry("store.jdbi", Set.of("channel", "event", "store", "retention")),
            // an alternative to store.jdbi for events that need not outlive the process
            Map.entry("store.memory", Set.of("channel", "event", "store")),
            Map.entry("publisher", Set.of("loop", "channel", "event", "store")),
            // publisher: it defines what can be followed; the library for it is optional
            Map.entry("otel", Set.of("channel", "event", "publisher")),
            // stream: it encodes each event once for all its readers
            Map.entry("subscriber", Set.of("loop", "channel", "event", "publisher", "store", "stream")),
            // store: the poll reads the newest positions from the log
            Map.entry("bus", Set.of("loop", "channel", "event", "publisher", "store")),
            // bus: nodes tell one another about their readers
            Map.entry("presence", Set.of("channel", "event", "bus")),
            Map.entry("bus.jdbi", Set.of("bus")),
            Map.entry("bus.nats", Set.of("bus")),
            Map.entry("bus.postgres", Set.of("bus")),
            Map.entry("bus.redis", Set.of("bus")),
            Map.entry("grip.key", Set.of("channel")),
            Map.entry("limit", Set.of("channel")),
            // limit: it defines who may use how many next links
            Map.entry("grip", Set.of("loop", "channel", "event", "stream", "limit", "grip.key")),
            // grip.key: Fastly's control port requires a signed token
            Map.entry("control", Set.of("loop", "channel", "event", "publisher", "stream", "grip", "grip.key")),
            Map.entry("control.http", Set.of("channel", "control")),
            Map.entry("control.zmq", Set.of("channel", "control")),
            Map.entry("hold", Set.of("loop", "channel", "event", "stream", "subscriber")),
            // store: an answer to a publish request states whether the events may have been stored
            // limit: new streams are refused beyond the limits
            // presence: it answers questions about who is reading a channel
            Map.entry(
                    "http",
                    Set.of(
                            "channel",
                            "event",
                            "publisher",
                            "grip",
                            "stream",
                            "store",
                            "subscriber",
                            "hold",
                            "limit",
                            "presence")),
            // grip: to check whether all next links can be fetched in time
            Map.entry(
                    "health", Set.of("loop", "channel", "control", "grip", "store", "publisher", "bus", "subscriber")),
            // channel: names are checked where they are read
            Map.entry("admin.page", Set.of("channel")),
            // bus, control: the stream may be on another node, or behind a proxy
            Map.entry(
                    "admin.why",
                    Set.of("admin.page", "bus", "channel", "control", "event", "store", "stream", "subscriber")),
            Map.entry("admin.action", Set.of("admin.page", "channel", "event", "store")),
            // loop, control: it shows which loops and lanes are in trouble
            Map.entry(
                    "admin",
                    Set.of(
                            "admin.action",
                            "admin.page",
                            "admin.why",
                            "bus",
                            "channel",
                            "control",
                            "event",
                            "loop",
                            "store",
                            "stream",
                            "subscriber")),
            // bus: nodes are notified of what a command has sent
            // control, stream: it ends streams that proxies hold
            Map.entry(
                    "command",
                    Set.of("bus", "channel", "control", "event", "publisher", "retention", "store", "stream")),
            // config: it checks the configuration, so it is an exception to the rule that no package uses it
            // store.jdbi: the facts about a database
            Map.entry("doctor", Set.of("config", "control", "store", "store.jdbi")));

    /** The packages that connect all others: they may use every package, and only {@code doctor} may use one. */
    private static final Set<String> ASSEMBLY = Set.of("", "config");

    private static final String CONFIG = ROOT + ".config";

    @ArchTest
    static final ArchRule every_package_is_listed = classes()
            .should(condition("live in a package that DEPENDENCIES lists", type -> {
                String name = shortPackage(type);
                return DEPENDENCIES.containsKey(name) || ASSEMBLY.contains(name)
                        ? List.of()
                        : List.of("package '" + name + "' of " + type.getName() + " is not in DEPENDENCIES");
            }));

    @ArchTest
    static final ArchRule packages_use_only_listed_packages = classes()
            .should(condition(
                    "use only the packages that DEPENDENCIES lists for theirs",
                    type -> type.getDirectDependenciesFromSelf().stream()
                            .filter(ArchitectureTest::isForbidden)
                            .map(Dependency::getDescription)
                            .toList()));

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule classes_are_free_of_cycles = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return !isOurs(type)
                            ? SliceIdentifier.ignore()
                            : SliceIdentifier.of(topLevel(type).getName());
                }

                @Override
                public String getDescription() {
                    return "top-level classes";
                }
            })
            .should()
            .beFreeOfCycles();

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(type);
    }

    @ArchTest
    static final ArchRule every_package_is_null_marked = classes()
            .should(condition("live in a @NullMarked package", type -> {
                boolean marked = type.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                return marked ? List.of() : List.of(type.getPackageName() + " has no @NullMarked package-info");
            }));

    @ArchTest
    static final ArchRule there_are_no_junk_drawers = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..",
                    "..utils..",
                    "..common..",
                    "..helper..",
                    "..helpers..",
                    "..impl..",
                    "..internal..",
                    "..misc..",
                    "..shared..",
                    "..base..");

    @ArchTest
    static final ArchRule sql_is_used_only_in_its_packages = noClasses()
            .that(resideOutsideOfPackages(
                    ROOT + ".store.jdbi", ROOT + ".bus.jdbi", ROOT + ".bus.postgres", CONFIG, ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql.."));

    @ArchTest
    static final ArchRule web_apis_are_used_only_in_their_packages = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".http", CONFIG, ROOT + ".admin", ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..", "org.glassfish.."));

    @ArchTest
    static final ArchRule jetty_is_used_only_in_its_package = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".hold", CONFIG, ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.eclipse.jetty.."));

    @ArchTest
    static final ArchRule open_telemetry_is_used_only_in_its_package = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".otel"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.opentelemetry.."));

    @ArchTest
    static final ArchRule time_is_passed_in = noClasses()
            .should()
            .accessTargetWhere(describe("reads the system clock or sleeps", ArchitectureTest::readsAClock));

    @ArchTest
    static final ArchRule the_clock_is_chosen_only_during_assembly = noClasses()
            .that(resideOutsideOfPackages(CONFIG, ROOT))
            .should()
            .accessTargetWhere(describe(
                    "chooses a clock",
                    access -> isOf(access, Clock.class) && access.getName().startsWith("system")));

    @ArchTest
    static final ArchRule threads_come_from_the_lifecycle = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Executors.class, Timer.class, ForkJoinPool.class, ThreadPoolExecutor.class)
            .orShould()
            .accessTargetWhere(describe("creates a thread or uses the common pool", ArchitectureTest::takesAThread));

    @ArchTest
    static final ArchRule loggers_are_private_static_final = fields().that()
            .haveRawType(Logger.class)
            .should()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal()
            .andShould()
            .haveName("LOGGER")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule optional_is_only_returned = codeUnits().should(new ArchCondition<>("not take an Optional") {
        @Override
        public void check(JavaCodeUnit unit, ConditionEvents events) {
            if (unit.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Optional.class))) {
                events.add(SimpleConditionEvent.violated(unit, unit.getFullName() + " takes an Optional"));
            }
        }
    });

    static boolean sleeps(JavaAccess<?> access) {
        return access.getName().equals("sleep") && (isOf(access, Thread.class) || isOf(access, TimeUnit.class));
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        return sleeps(access)
                || (isOf(access, System.class) && access.getName().equals("currentTimeMillis"))
                || (isOf(access, Date.class)
                        && access.getName().equals("<init>")
                        && argumentsOf(access).isEmpty())
                || (access.getTargetOwner().getPackageName().equals("java.time")
                        && access.getName().equals("now")
                        && argumentsOf(access).stream().noneMatch(type -> type.isEquivalentTo(Clock.class)));
    }

    private static boolean takesAThread(JavaAccess<?> access) {
        boolean namesItsExecutor = argumentsOf(access).stream().anyMatch(type -> type.isEquivalentTo(Executor.class));
        return (access.getTargetOwner().isAssignableTo(Thread.class)
                        && access.getName().equals("<init>"))
                || (isOf(access, CompletableFuture.class) && access.getName().endsWith("Async") && !namesItsExecutor)
                || (access.getTargetOwner().isAssignableTo(BaseStream.class)
                        && access.getName().equals("parallel"))
                || (access.getTargetOwner().isAssignableTo(Collection.class)
                        && access.getName().equals("parallelStream"));
    }

    private static List<JavaClass> argumentsOf(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target ? target.getRawParameterTypes() : List.of();
    }

    private static boolean isOf(JavaAccess<?> access, Class<?> owner) {
        return access.getTargetOwner().isEquivalentTo(owner);
    }

    private static boolean isForbidden(Dependency dependency) {
        String from = shortPackage(dependency.getOriginClass());
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        return isOurs(target) && !ASSEMBLY.contains(from) && !isAllowed(from, shortPackage(target));
    }

    private static boolean isAllowed(String from, String to) {
        return from.equals(to) || DEPENDENCIES.getOrDefault(from, Set.of()).contains(to);
    }

    private static boolean isOurs(JavaClass type) {
        return (type.getPackageName() + '.').startsWith(ROOT + '.');
    }

    private static String shortPackage(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static ArchCondition<JavaClass> condition(
            String description, Function<JavaClass, List<String>> violations) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                violations.apply(type).forEach(text -> events.add(SimpleConditionEvent.violated(type, text)));
            }
        };
    }
}
