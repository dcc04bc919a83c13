package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameTest {
    private static final String REPLACEMENT = "\uFFFD";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "orders",
                "Orders",
                "room-1",
                "größe",
                "日本語",
                "🚀",
                " ",
                " leading and trailing ",
                "a/b?c=d&e",
                "100%",
                "a,b:c;d=e",
                "\"quoted\"",
                "\u2028",
                "\u200D",
                "%41"
            })
    void any_unicode_except_control_characters_is_a_name(String name) {
        assertThat(new ChannelName(name).value()).isEqualTo(name);
        assertThat(new ChannelName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\nb", "a\rb", "tab\t", "\u001F", "\u007F", "\u0080", "\u0085", "\u009F"})
    void control_characters_are_refused_and_do_not_reach_the_message(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelName(name))
                .withMessage("channel name \"" + name.replaceAll("\\p{Cc}", REPLACEMENT)
                        + "\" has a control character or half a surrogate pair; any other Unicode is allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE80", "\uDE80\uD83D", "\uD83D\uD83D\uDE80"})
    void half_a_surrogate_pair_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelName(name))
                .withMessageContaining("half a surrogate pair");
    }

    @Test
    void a_name_has_1_to_255_code_points() {
        assertThat(ChannelName.MAX_LENGTH).isEqualTo(255);
        assertThat(new ChannelName("x".repeat(255)).value()).hasSize(255);
        assertThat(new ChannelName("🚀".repeat(255)).value()).hasSize(510);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelName(""))
                .withMessage("channel name \"\" has 0 characters; allowed are 1 to 255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelName("x".repeat(256)))
                .withMessage("channel name \"" + "x".repeat(60) + "…\" has 256 characters; allowed are 1 to 255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelName("🚀".repeat(256)))
                .withMessageEndingWith("has 256 characters; allowed are 1 to 255");
    }

    @Test
    void case_accents_and_white_space_count() {
        assertThat(new ChannelName("a")).isNotEqualTo(new ChannelName("A"));
        assertThat(new ChannelName("é")).isNotEqualTo(new ChannelName("e"));
        assertThat(new ChannelName("é")).isNotEqualTo(new ChannelName("e\u0301"));
        assertThat(new ChannelName("a")).isNotEqualTo(new ChannelName("a "));
    }

    @Test
    void names_are_ordered_by_utf_16_code_unit_as_in_javascript() {
        assertThat(new TreeSet<>(List.of(
                        new ChannelName("b"),
                        new ChannelName("\uFF5E"),
                        new ChannelName("🚀"),
                        new ChannelName("B"),
                        new ChannelName("a1"),
                        new ChannelName("a"))))
                .extracting(ChannelName::value)
                .containsExactly("B", "a", "a1", "b", "🚀", "\uFF5E");
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders",
        "Az09-._~, Az09-._~",
        "a b, a%20b",
        "a+b, a%2Bb",
        "a/b, a%2Fb",
        "100%, 100%25",
        "a=b:c;d, a%3Db%3Ac%3Bd",
        "'a,b', a%2Cb",
        "größe, gr%C3%B6%C3%9Fe",
        "€, %E2%82%AC",
        "🚀, %F0%9F%9A%80",
        "%41, %2541",
    })
    void names_are_encoded_as_utf_8_in_percent_escapes(String name, String encoded) {
        assertThat(new ChannelName(name).encoded()).isEqualTo(encoded);
        assertThat(ChannelName.decode(encoded)).isEqualTo(new ChannelName(name));
    }

    @Test
    void escapes_are_read_in_either_case_and_also_where_none_is_needed() {
        assertThat(ChannelName.decode("%e2%82%aC%61")).isEqualTo(new ChannelName("€a"));
    }

    @Test
    void a_bare_slash_is_read_because_django_eventstream_writes_it() {
        assertThat(ChannelName.decode("rooms/1")).isEqualTo(new ChannelName("rooms/1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "a%",
                "a%4",
                "%4",
                "%%41",
                "%4%31",
                "%zz",
                "%4g",
                "%g4",
                "% 41",
                "%+4",
                "%-1",
                "%\uFF14\uFF11",
                "%\u0664\u0661",
                "%u0041",
                "%0x"
            })
    void broken_escapes_are_refused(String encoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelName.decode(encoded))
                .withMessage("channel name \"" + encoded + "\" has a '%' that two hexadecimal digits do not follow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%80", // a continuation without a start
                "%C3",
                "%E2%82",
                "%F0%9F%9A", // cut short
                "%C3a",
                "%E2a%82",
                "%C0%AF",
                "%C1%81",
                "%E0%80%AF",
                "%F0%80%80%AF", // overlong '/' and 'A'
                "%C0%80", // overlong NUL
                "%ED%A0%80",
                "%ED%BF%BF",
                "%ED%A0%BD%ED%BA%80", // surrogates, one by one and as a pair (CESU-8)
                "%F4%90%80%80",
                "%F5%80%80%80",
                "%F8%88%80%80%80",
                "%FE",
                "%FF" // beyond Unicode
            })
    void bytes_that_are_not_utf_8_are_refused(String encoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelName.decode(encoded))
                .withMessage("channel name \"" + encoded + "\" is not percent-encoded UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " a", "a b", "a+b", "a=b", "a:b", "a,b", "a;b", "a*b", "a\"b", "a<b", "a\\b", "a@b", "é", "日本", "🚀",
                "\uFF41", "\u0660"
            })
    void characters_that_should_have_been_encoded_are_refused(String encoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelName.decode(encoded))
                .withMessage("channel name \"" + encoded
                        + "\" has a character that must be percent-encoded; bare are letters, digits and -._~/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\nb", "\uD83D", "\uDE80", "\u2028"})
    void characters_that_are_unsafe_in_a_log_are_replaced_in_the_message(String encoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelName.decode(encoded))
                .withMessageStartingWith("channel name \"")
                .withMessageContaining(REPLACEMENT)
                .withMessageNotContaining(encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%00", "a%0A", "%0D", "%7F", "%C2%85"})
    void a_decoded_name_follows_the_rules_of_names(String encoded) {
        assertThatIllegalArgumentException().isThrownBy(() -> ChannelName.decode(encoded));
    }

    @Test
    void a_huge_encoded_name_is_refused_with_a_short_message() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelName.decode("%41".repeat(10_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150))
                .withMessageEndingWith("has 10000000 characters; allowed are 1 to 255");
    }

    @Test
    void every_name_survives_the_round_trip() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            ChannelName name = new ChannelName(randomName(random));
            String encoded = name.encoded();
            assertThat(encoded).as("seed %d, case %d", seed, i).matches("(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})++");
            assertThat(ChannelName.decode(encoded))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(name);
        }
    }

    private static String randomName(Random random) {
        int[] ceilings = {0x7F, 0x100, 0xD800, Character.MAX_CODE_POINT + 1};
        int ceiling = ceilings[random.nextInt(ceilings.length)];
        return random.ints(0, ceiling)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(1 + random.nextInt(random.nextInt(10) == 0 ? ChannelName.MAX_LENGTH : 12))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
