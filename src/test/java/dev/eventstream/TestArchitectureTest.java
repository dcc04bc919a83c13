package dev.eventstream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;

/** No test may be skipped, sleep or use mocks. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = OnlyIncludeTests.class)
class TestArchitectureTest {

    @ArchTest
    static final ArchRule no_test_is_skipped = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(TestArchitectureTest.class.getName())
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Disabled.class, Assumptions.class, org.assertj.core.api.Assumptions.class)
            .orShould()
            .dependOnClassesThat(resideInAnyPackage("org.junit.jupiter.api.condition.."));

    @ArchTest
    static final ArchRule no_test_sleeps = noClasses()
            .that()
            .resideOutsideOfPackage("dev.eventstream.bench") // benchmarks, not tests
            .should()
            .accessTargetWhere(describe("sleeps", ArchitectureTest::sleeps));

    @ArchTest
    static final ArchRule no_test_uses_mocks =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("org.mockito..", "org.easymock.."));

    @ArchTest
    static final ArchRule test_names_are_sentences =
            methods().that().areMetaAnnotatedWith(Testable.class).should().haveNameMatching("[a-z0-9]+(_[a-z0-9]+)+");
}
