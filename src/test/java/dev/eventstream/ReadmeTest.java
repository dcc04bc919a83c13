package dev.eventstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README is short, its lines come from a project that runs, and no link or picture of the manual is missing. */
class ReadmeTest {
    private static final Pattern LINES = Pattern.compile("```(?:java|js)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OMISSION = Pattern.compile("// …");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern PICTURE = Pattern.compile("(?:src|srcset)=\"([^\"]+)\"");

    @Test
    void the_lines_come_from_the_project_that_a_newcomer_builds() throws Exception {
        String project = squeezed(Files.readString(Path.of("docs/GETTING-STARTED.md"), StandardCharsets.UTF_8));
        List<String> lines = samples(LINES).stream()
                .flatMap(OMISSION::splitAsStream)
                .map(ReadmeTest::squeezed)
                .toList();

        assertThat(lines).hasSize(3).allSatisfy(part -> assertThat(project).contains(part));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void it_is_two_pages_long() throws Exception {
        assertThat(readme().lines()).hasSizeLessThanOrEqualTo(100); // and the animation, which is as high as 20 lines
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_are_not_broken(Path page) throws Exception {
        Path directory = requireNonNull(page.toAbsolutePath().getParent());

        assertThat(LINK.matcher(Files.readString(page, StandardCharsets.UTF_8)).results())
                .allSatisfy(link -> assertThat(directory.resolve(link.group(1))).exists());
    }

    @Test
    void pictures_exist_and_are_small() throws Exception {
        List<String> pictures = samples(PICTURE).stream().distinct().toList();
        assertThat(pictures).hasSizeGreaterThan(4);

        long bytes = 0;
        for (String picture : pictures) {
            bytes += Files.size(Path.of(picture));
        }
        assertThat(bytes).isLessThan(1_500_000);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(top, docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> samples(Pattern fence) throws IOException {
        return fence.matcher(readme()).results().map(match -> match.group(1)).toList();
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"), StandardCharsets.UTF_8);
    }
}
