package dev.eventstream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.eventstream.testing.EventStreamExtension;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Compares the public types of the testing kit with docs/API.md, and their signatures with docs/api-baseline-testing.txt, as
 * {@link ApiTest} does for the bundle. To change them on purpose, run both tests with {@code -Dapi.update}.
 */
class TestingApiTest {
    private static final Path BASELINE = Path.of("docs/api-baseline-testing.txt");
    private static final String KIT = "dev.eventstream.testing";
    private static final int MOST_TYPES = 5;

    /** The types of the kit that docs/API.md lists. */
    static Set<String> listed() throws IOException {
        return ApiTest.listed().stream()
                .filter(name -> name.startsWith(KIT + '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Class<?>> publicTypes() throws Exception {
        List<Class<?>> types = new ArrayList<>();
        for (String name : ApiTest.compiledTypes(EventStreamExtension.class, KIT.replace('.', '/'))) {
            Class<?> type = Class.forName(name, false, TestingApiTest.class.getClassLoader());
            if (ApiTest.isVisible(type) && !isTest(name)) {
                types.add(type);
            }
        }
        return types;
    }

    // as in pom.xml, which leaves the kit's own tests out of its jar
    private static boolean isTest(String name) {
        return name.matches(".*Test(\\$.*)?");
    }

    @Test
    void the_public_types_are_those_of_the_page() throws Exception {
        assertThat(publicTypes()).hasSizeLessThanOrEqualTo(MOST_TYPES);
        assertThat(publicTypes().stream().map(Class::getName)).containsExactlyElementsOf(listed());
    }

    @Test
    void the_signatures_match_the_baseline() throws Exception {
        String signatures = publicTypes().stream().map(ApiSignatures::describe).collect(Collectors.joining("\n"));
        if (System.getProperty("api.update") != null) {
            Files.writeString(BASELINE, signatures, StandardCharsets.UTF_8);
        }

        assertThat(signatures)
                .as("the public API of the testing kit; announce a change as CONTRIBUTING.md describes")
                .isEqualTo(Files.readString(BASELINE, StandardCharsets.UTF_8));
    }

    @Test
    void they_expose_only_types_of_the_api() throws Exception {
        Set<String> api = ApiTest.listed();
        Set<String> exposed = new TreeSet<>();
        for (Class<?> type : publicTypes()) {
            for (Type shown : ApiSignatures.shownBy(type)) {
                ApiSignatures.namesIn(shown)
                        .filter(name ->
                                name.startsWith("dev.eventstream.") && !api.contains(name.replaceFirst("\\$.*", "")))
                        .forEach(name -> exposed.add(type.getName() + " shows " + name));
            }
        }

        assertThat(exposed).isEmpty();
    }

    @Test
    void the_kit_needs_no_other_test_and_nothing_besides_junit_and_dropwizard_testing() {
        JavaClasses kit = new ClassFileImporter()
                .withImportOption(location -> !location.matches(Pattern.compile(".*Test(\\$.*)?\\.class")))
                .importPackages(KIT);
        String[] tools = {
            "org.assertj..", "org.awaitility..", "com.tngtech..", "org.junit.jupiter.params..", "org.hamcrest.."
        };

        noClasses().should().dependOnClassesThat(resideInAnyPackage(tools)).check(kit);
        assertThat(kit).isNotEmpty();
        assertThat(kit.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> target.getPackageName().startsWith("dev.eventstream"))
                        .filter(target -> !target.getPackageName().equals(KIT))
                        .filter(target -> target.getSource()
                                .map(source -> source.getUri().toString().contains("/test-classes/"))
                                .orElse(true))
                        .map(target -> target.getName()))
                .isEmpty();
    }
}
