package dev.eventstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;

/** What no test may do. The measuring programs are no tests. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = OnlyIncludeTests.class)
class TestArchitectureTest {
    @ArchTest
    static final ArchRule tests_await_conditions = noClasses()
            .that()
            .resideOutsideOfPackage("dev.eventstream.bench")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class);

    @ArchTest
    static final ArchRule no_test_is_skipped = noClasses()
            .should()
            .dependOnClassesThat()
            .haveSimpleName("Assumptions")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("org.junit.jupiter.api.condition..");

    @ArchTest
    static final ArchRule no_test_is_disabled = noMethods().should().beAnnotatedWith(Disabled.class);

    @ArchTest
    static final ArchRule no_test_class_is_disabled = noClasses().should().beAnnotatedWith(Disabled.class);

    @ArchTest
    static final ArchRule no_mocks = noClasses().should().dependOnClassesThat().resideInAPackage("org.mockito..");
}
