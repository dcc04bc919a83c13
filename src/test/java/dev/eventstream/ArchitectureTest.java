package dev.eventstream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;

/** The walls between the rooms. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "dev.eventstream";

    /** Which rooms each room may look into. A room always sees itself; anything not listed is a wall. */
    private static final Map<String, Set<String>> DOORS = new TreeMap<>(Map.ofEntries(
            Map.entry("channel", Set.of()),
            Map.entry("event", Set.of("channel")),
            Map.entry("stream", Set.of("channel", "event")),
            Map.entry("store", Set.of("channel", "event")),
            Map.entry("store.jdbi", Set.of("channel", "event", "store")),
            Map.entry("publisher", Set.of("channel", "event", "store")),
            // stream: it composes the bytes that streams share (decision 4)
            Map.entry("subscriber", Set.of("channel", "event", "publisher", "store", "stream")),
            // store: the database bus asks the log
            Map.entry("bus", Set.of("channel", "event", "publisher", "store")),
            Map.entry("grip", Set.of("channel", "event", "stream")),
            // grip: the instruction to a holder, which a proxy and this JVM share
            Map.entry("hold", Set.of("channel", "event", "grip", "stream", "subscriber")),
            // store: only to tell a failed send from a bad one
            Map.entry("http", Set.of("channel", "event", "publisher", "grip", "stream", "store", "subscriber", "hold")),
            Map.entry("health", Set.of("channel", "store", "bus", "subscriber"))));

    private static final Set<String> ASSEMBLY = Set.of("", "config");

    @ArchTest
    static final ArchRule rooms_open_only_listed_doors = classes()
            .should(new ArchCondition<JavaClass>("use only the rooms listed in DOORS") {
                @Override
                public void check(JavaClass origin, ConditionEvents events) {
                    String from = room(origin);
                    if (ASSEMBLY.contains(from)) {
                        return;
                    }
                    if (!DOORS.containsKey(from)) {
                        events.add(SimpleConditionEvent.violated(
                                origin, "room '" + from + "' is not on the map in DOORS"));
                    }
                    origin.getDirectDependenciesFromSelf().stream()
                            .filter(d -> d.getTargetClass()
                                    .getBaseComponentType()
                                    .getPackageName()
                                    .startsWith(ROOT))
                            .filter(d -> !allowed(from, room(d.getTargetClass().getBaseComponentType())))
                            .forEach(d -> events.add(SimpleConditionEvent.violated(origin, d.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule rooms_are_free_of_cycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule every_package_is_null_marked_and_documented = classes()
            .should(new ArchCondition<JavaClass>("live in a @NullMarked package") {
                @Override
                public void check(JavaClass c, ConditionEvents events) {
                    boolean marked = c.getPackage()
                            .tryGetPackageInfo()
                            .map(p -> p.isAnnotatedWith(NullMarked.class))
                            .orElse(false);
                    if (!marked) {
                        events.add(SimpleConditionEvent.violated(
                                c, c.getPackageName() + " has no @NullMarked package-info"));
                    }
                }
            });

    @ArchTest
    static final ArchRule no_junk_drawers = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..helper..", "..impl..", "..internal..", "..misc..");

    @ArchTest
    static final ArchRule sql_stays_in_its_room = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".store.jdbi", ROOT + ".bus", ROOT + ".config", ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql.."));

    @ArchTest
    static final ArchRule web_stays_in_its_room = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".http", ROOT + ".config", ROOT + ".admin", ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..", "org.glassfish.."));

    @ArchTest
    static final ArchRule jetty_stays_in_its_room = noClasses()
            .that(resideOutsideOfPackages(ROOT + ".hold", ROOT + ".config", ROOT))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.eclipse.jetty.."));

    @ArchTest
    static final ArchRule time_is_passed_in = noClasses()
            .that(resideOutsideOfPackage(ROOT))
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a clock is passed in; only the front door winds one")
            .as("no class but the front door's should ask what time it is");

    @ArchTest
    static final ArchRule threads_come_from_the_lifecycle = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Executors.class, Timer.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class);

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
    static final ArchRule optional_is_only_returned = methods()
            .should(new ArchCondition<JavaMethod>("not take Optional") {
                @Override
                public void check(JavaMethod m, ConditionEvents events) {
                    if (m.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(Optional.class))) {
                        events.add(SimpleConditionEvent.violated(m, m.getFullName() + " takes an Optional"));
                    }
                }
            });

    private static boolean allowed(String from, String to) {
        return from.equals(to) || DOORS.getOrDefault(from, Set.of()).contains(to);
    }

    private static String room(JavaClass c) {
        String name = c.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }
}
