package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares the public types with docs/API.md, which lists those with a stability promise, and their signatures with
 * docs/api-baseline.txt. To change the API on purpose, run this test with {@code -Dapi.update}, and commit the new
 * baseline together with a line in CHANGELOG.md.
 */
class ApiTest {
    private static final Path BASELINE = Path.of("docs/api-baseline.txt");
    private static final int MOST_TYPES = 65;
    private static final Pattern PACKAGE_HEADING = Pattern.compile("### `([a-z.]+)`");
    private static final Pattern TYPE_ROW = Pattern.compile("\\| `(\\w+)` \\|.*");
    private static final String NOT_API = "Not API.";
    private static final String PARTLY_API = "Partly API: docs/API.md lists the types.";

    /** Every public type whose enclosing types are public too, by name. */
    private static final Map<String, Class<?>> PUBLIC = new TreeMap<>();

    private static final Set<String> LISTED = new LinkedHashSet<>();

    @BeforeAll
    static void read() throws Exception {
        for (String name : compiledTypes()) {
            Class<?> type = Class.forName(name, false, ApiTest.class.getClassLoader());
            if (isVisible(type)) {
                PUBLIC.put(name, type);
            }
        }
        LISTED.addAll(listed());
        LISTED.removeAll(TestingApiTest.listed());
    }

    @Test
    void every_listed_type_exists_and_is_public() {
        assertThat(PUBLIC.keySet()).containsAll(LISTED);
    }

    @Test
    void every_package_states_whether_its_public_types_are_api() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        for (Map.Entry<String, List<String>> entry : publicTypesByPackage().entrySet()) {
            long listed = entry.getValue().stream().filter(LISTED::contains).count();
            expected.put(
                    entry.getKey(),
                    listed == 0 ? NOT_API : listed < entry.getValue().size() ? PARTLY_API : "API");
            actual.put(entry.getKey(), statement(entry.getKey()));
        }

        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void the_api_stays_small() {
        assertThat(apiTypes()).hasSizeLessThanOrEqualTo(MOST_TYPES);
    }

    @Test
    void api_types_expose_only_api_types() {
        Set<String> exposed = new TreeSet<>();
        for (Class<?> type : apiTypes()) {
            for (Type shown : ApiSignatures.shownBy(type)) {
                ApiSignatures.namesIn(shown)
                        .filter(name -> name.startsWith("dev.eventstream."))
                        .filter(name -> !isApi(name))
                        .forEach(name -> exposed.add(type.getName() + " shows " + name));
            }
        }

        assertThat(exposed).isEmpty();
    }

    @Test
    void the_api_matches_the_baseline() throws IOException {
        String signatures = apiTypes().stream().map(ApiSignatures::describe).collect(Collectors.joining("\n"));
        if (System.getProperty("api.update") != null) {
            Files.writeString(BASELINE, signatures, StandardCharsets.UTF_8);
        }

        assertThat(signatures)
                .as("the public API; announce a change as CONTRIBUTING.md describes")
                .isEqualTo(Files.readString(BASELINE, StandardCharsets.UTF_8));
    }

    private static Map<String, List<String>> publicTypesByPackage() {
        return PUBLIC.values().stream()
                .filter(type -> !type.isMemberClass())
                .collect(Collectors.groupingBy(
                        Class::getPackageName, TreeMap::new, Collectors.mapping(Class::getName, Collectors.toList())));
    }

    private static String statement(String packageName) throws IOException {
        Path file = Path.of("src/main/java", packageName.replace('.', '/'), "package-info.java");
        String text = Files.readString(file, StandardCharsets.UTF_8).replaceAll("\\s+\\*?\\s*", " ");
        return text.contains(NOT_API) ? NOT_API : text.contains(PARTLY_API) ? PARTLY_API : "API";
    }

    /** A nested type belongs to the API if its enclosing type does. */
    private static List<Class<?>> apiTypes() {
        return PUBLIC.values().stream().filter(type -> isApi(type.getName())).collect(Collectors.toList());
    }

    private static boolean isApi(String name) {
        return LISTED.contains(name.replaceFirst("\\$.*", ""));
    }

    static boolean isVisible(Class<?> type) {
        Class<?> around = type.getDeclaringClass();
        return ApiSignatures.isShown(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (around == null || isVisible(around));
    }

    /** The types that docs/API.md lists, including those of the testing kit. */
    static Set<String> listed() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        String current = "";
        for (String line : Files.readAllLines(Path.of("docs/API.md"), StandardCharsets.UTF_8)) {
            Matcher heading = PACKAGE_HEADING.matcher(line);
            Matcher row = TYPE_ROW.matcher(line);
            if (heading.matches()) {
                current = heading.group(1);
            } else if (row.matches()) {
                names.add(current + '.' + row.group(1));
            }
        }
        return names;
    }

    private static List<String> compiledTypes() throws IOException, URISyntaxException {
        return compiledTypes(EventStreamBundle.class, "dev/eventstream");
    }

    /** The names of all types in a directory below the root of a type. */
    static List<String> compiledTypes(Class<?> neighbour, String directory) throws IOException, URISyntaxException {
        Path root = Path.of(
                neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root.resolve(directory))) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }
}
