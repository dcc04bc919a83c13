package dev.eventstream.model;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SPIN searches the models in {@code model/} with small bounds; {@code ./prove} has larger ones. A test takes half a
 * minute, and many times as long on a busy machine.
 */
@Timeout(value = ModelTest.TIMEOUT_MINUTES, unit = TimeUnit.MINUTES)
class ModelTest {
    private static final Path PROVE = Path.of("prove").toAbsolutePath();
    static final int TIMEOUT_MINUTES = 15;

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern TYPE_NAME = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b");

    @TempDir
    Path directory;

    @Test
    void the_models_keep_the_contract_within_small_bounds() throws Exception {
        assertThat(prove("--small")).contains("prove: passed").doesNotContain("FAILED");
    }

    @Test
    void each_planted_bug_is_found() throws Exception {
        assertThat(prove("--bugs")).contains("prove: passed").doesNotContain("FAILED");
    }

    @Test
    void each_known_limit_has_a_counterexample() throws Exception {
        assertThat(prove("--limits")).contains("prove: passed").doesNotContain("FAILED");
    }

    @Test
    void the_classes_that_the_models_name_exist() throws Exception {
        assertThat(namesIn("delivery.pml"))
                .contains("ChannelFeed", "FeedReader", "LogPoll", "ShardStreams")
                .isSubsetOf(sources());
        assertThat(namesIn("outbox.pml"))
                .contains("OutboxSweep", "LaneQueue", "InFlight")
                .isSubsetOf(sources());
    }

    /** Runs {@code ./prove}, and returns what it prints. */
    private String prove(String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(Stream.concat(Stream.of(PROVE.toString()), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            String printed = Files.readString(output);
            assertThat(ended).as(printed).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static Set<String> namesIn(String model) throws IOException {
        String comments = COMMENT.matcher(Files.readString(Path.of("model", model), StandardCharsets.UTF_8))
                .results()
                .map(MatchResult::group)
                .collect(joining("\n"));
        return TYPE_NAME.matcher(comments).results().map(MatchResult::group).collect(toCollection(TreeSet::new));
    }

    private static List<String> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
