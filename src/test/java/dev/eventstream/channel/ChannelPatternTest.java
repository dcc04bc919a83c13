package dev.eventstream.channel;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {

    @ParameterizedTest
    @CsvSource({
        "time, time",
        "typing-*, typing-",
        "typing-*, typing-room 1",
        "*, anything",
        "**, a",
        "*-log, a-log",
        "*-log, -log",
        "a*c, ac",
        "a*c, abc",
        "a*b*c, abbc",
        "a*b*c, aXbXbXc",
        "*a*, bab",
        "*ab*ab*, abab",
        "ab*ba, abba",
        "größe-*, größe-🚀",
        "*🚀*, a🚀b",
        "a*, a*",
        "a.c, a.c",
        "\\Qa\\E*, \\Qa\\E1",
        "a*, 'a\u2028b'",
    })
    void a_star_is_any_run_of_characters(String pattern, String name) {
        assertThat(matches(pattern, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "time, times", "time, Time", "time, tim", "typing-*, typing", "typing-*, xtyping-1", "*-log, a-log2", "a*c, ab",
                "a*a, a",
        "ab*ba, aba", "*ab*ab*, aba", "a.c, abc", "[ab], a", "a|b, a", "a*b*c, acb", "a?, ab", "größe-*, grösse-1",
    })
    void everything_else_stands_for_itself(String pattern, String name) {
        assertThat(matches(pattern, name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\uD83D*"})
    void a_pattern_that_no_name_can_fit_is_refused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPattern(pattern));
    }

    @Test
    void a_pattern_is_as_long_as_a_name_at_most() {
        assertThat(new ChannelPattern("*".repeat(255))).hasToString("*".repeat(255));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPattern("*".repeat(256)));
    }

    @Test
    void no_name_makes_a_pattern_slow() {
        ChannelPattern pattern = new ChannelPattern("a*".repeat(100) + "b");
        ChannelName name = new ChannelName("a".repeat(255));
        assertTimeoutPreemptively(
                ofSeconds(10), () -> assertThat(pattern.matches(name)).isFalse());
    }

    @Test
    void patterns_with_the_same_text_are_equal() {
        assertThat(new ChannelPattern("a*"))
                .isEqualTo(new ChannelPattern("a*"))
                .hasSameHashCodeAs(new ChannelPattern("a*"));
        assertThat(new ChannelPattern("a*")).isNotEqualTo(new ChannelPattern("a**"));
    }

    @Test
    void a_pattern_matches_what_the_regular_expression_of_the_same_meaning_matches() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            String pattern = random(random, "ab*", 6);
            String name = random(random, "ab", 8);
            assertThat(matches(pattern, name))
                    .as("seed %d, case %d: %s against %s", seed, i, pattern, name)
                    .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), name));
        }
    }

    private static boolean matches(String pattern, String name) {
        return new ChannelPattern(pattern).matches(new ChannelName(name));
    }

    private static String random(Random random, String alphabet, int maxLength) {
        return random.ints(1 + random.nextInt(maxLength), 0, alphabet.length())
                .mapToObj(i -> alphabet.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}
