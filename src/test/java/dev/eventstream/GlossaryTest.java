package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/CONCEPTS.md introduces words, and docs/GLOSSARY.md has each of them. */
class GlossaryTest {
    private static final Pattern ROW = Pattern.compile("^\\| \\*\\*([^*]+)\\*\\*", Pattern.MULTILINE);
    private static final Pattern WORDS =
            Pattern.compile("## The words\n(.*?)## What is not guaranteed", Pattern.DOTALL);

    /** A word in bold type; a sentence or heading in bold type ends with a full stop. */
    private static final Pattern WORD = Pattern.compile("(?<![.\\w])\\*\\*([a-z][a-z -]*)\\*\\*");

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(GlossaryTest::first).toList();
    }

    private static String first(MatchResult match) {
        return match.group(1).toLowerCase(Locale.ROOT);
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("docs", name), UTF_8);
    }

    @Test
    void every_word_of_the_concepts_is_in_the_glossary() throws Exception {
        List<String> sections = all(WORDS, page("CONCEPTS.md"));
        assertThat(sections).hasSize(1);
        List<String> words = all(WORD, sections.get(0));

        assertThat(words).contains("channel", "epoch", "next link").hasSizeGreaterThan(15);
        assertThat(all(ROW, page("GLOSSARY.md"))).doesNotHaveDuplicates().containsAll(words);
    }
}
