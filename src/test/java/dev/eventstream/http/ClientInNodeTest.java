package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks the types of the browser client, and runs its tests in Node. They read the files that Maven builds before the
 * tests with esbuild, Debian's package {@code esbuild}.
 *
 * <p>The tests are in {@code client/test}. Node is Debian's package {@code nodejs}, version 18 or later.
 */
@Timeout(600)
class ClientInNodeTest {
    private static final Path TESTS = Path.of("client/test");
    private static final Path BUILD = Path.of("target/client");
    private static final Path RESOURCES = Path.of("src/main/resources/dev/eventstream");
    private static final String COMPILER = BUILD + "/typescript/lib/tsc.js";
    private static final int LONGEST_MINUTES = 9;

    @Test
    void the_files_in_git_are_what_a_fresh_build_makes_of_the_sources() throws IOException {
        try (Stream<Path> built = Files.list(BUILD.resolve("built"))) {
            assertThat(built)
                    .hasSize(18)
                    .allSatisfy(file -> assertThat(RESOURCES.resolve(file.getFileName()))
                            .as("run client/build")
                            .hasSameTextualContentAs(file));
        }
    }

    @Test
    void its_modules_have_no_type_errors_and_their_published_types_fit_a_page() throws Exception {
        assertThat(node(
                        COMPILER,
                        "--project",
                        "client",
                        "--noEmit",
                        "false",
                        "--declaration",
                        "--emitDeclarationOnly",
                        "--outDir",
                        BUILD + "/npm/types"))
                .isEmpty();
        assertThat(BUILD.resolve("npm/types/index.d.ts")).exists();
        assertThat(node(COMPILER, "--project", "client/test")).isEmpty();
        assertThat(node(COMPILER, "--project", "client/src/inspector")).isEmpty();
    }

    @Test
    void its_tests_pass() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--test", "--test-reporter=tap"));
        try (Stream<Path> files = Files.list(TESTS)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".test.mjs"))
                    .sorted()
                    .forEach(arguments::add);
        }

        assertThat(node(arguments.toArray(String[]::new)))
                .contains("# 10000 interleavings", "\n# fail 0\n", "\n# skipped 0\n")
                .containsPattern("\n# pass [1-9][0-9]+\n");
    }

    private static String node(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        File output = Files.createTempFile(BUILD, "node", ".out").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
            String text = Files.readString(output.toPath());
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
            Files.delete(output.toPath());
        }
    }
}
