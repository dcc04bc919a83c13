package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.ChannelName;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LastEventIdTest {
    private static final ChannelName ALERTS = new ChannelName("alerts");
    private static final ChannelName ORDERS = new ChannelName("orders");

    private final LastEventId both =
            LastEventId.EMPTY.with(ORDERS, EventId.parse("m1n2b3-41")).with(ALERTS, EventId.parse("k3f9x2-7"));

    @Test
    void the_wire_form_names_each_channel_and_its_position_sorted_by_name() {
        assertThat(both).hasToString("alerts=k3f9x2-7,orders=m1n2b3-41");
        assertThat(LastEventId.of(Map.of(ORDERS, EventId.NONE))).hasToString("orders=0-0");
        assertThat(LastEventId.EMPTY).hasToString("");
    }

    @ParameterizedTest
    @CsvSource({
        "a b, a%20b=k3f9x2-7",
        "'a=1,b:2;c', a%3D1%2Cb%3A2%3Bc=k3f9x2-7",
        "größe €🚀, gr%C3%B6%C3%9Fe%20%E2%82%AC%F0%9F%9A%80=k3f9x2-7",
        "rooms/100%, rooms%2F100%25=k3f9x2-7",
    })
    void names_are_percent_encoded(String channel, String wire) {
        LastEventId position = LastEventId.EMPTY.with(new ChannelName(channel), EventId.parse("k3f9x2-7"));
        assertThat(position).hasToString(wire);
        assertThat(LastEventId.parse(wire)).isEqualTo(position);
    }

    @Test
    void the_wire_form_can_be_read_again() {
        assertThat(LastEventId.parse("alerts=k3f9x2-7,orders=m1n2b3-41"))
                .isEqualTo(both)
                .hasSameHashCodeAs(both);
        assertThat(LastEventId.parse("orders=m1n2b3-41,alerts=k3f9x2-7")).isEqualTo(both);
        assertThat(LastEventId.parse("alerts=0-0").in(ALERTS)).contains(EventId.NONE);
        assertThat(LastEventId.parse("")).isEqualTo(LastEventId.EMPTY);
        assertThat(LastEventId.EMPTY.isEmpty()).isTrue();
        assertThat(both.isEmpty()).isFalse();
        assertThat(both).isNotEqualTo(LastEventId.EMPTY).isNotEqualTo(both.toString());
    }

    @Test
    void a_position_is_found_by_channel() {
        assertThat(both.in(ORDERS)).contains(new EventId("m1n2b3", 41));
        assertThat(both.in(new ChannelName("other"))).isEmpty();
        assertThat(both.positions()).containsOnlyKeys(ALERTS, ORDERS);
    }

    @Test
    void nothing_changes_a_last_event_id() {
        Map<ChannelName, EventId> positions = new HashMap<>(Map.of(ORDERS, EventId.NONE));
        LastEventId id = LastEventId.of(positions);
        positions.clear();
        id.with(ALERTS, EventId.NONE);
        id.onlyIn(List.of());
        assertThat(id).hasToString("orders=0-0");
        assertThatThrownBy(() -> id.positions().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_position_can_be_moved_and_channels_left_out() {
        assertThat(both.with(ORDERS, new EventId("m1n2b3", 42))).hasToString("alerts=k3f9x2-7,orders=m1n2b3-42");
        assertThat(both.onlyIn(List.of(ORDERS, ORDERS, new ChannelName("other"))))
                .hasToString("orders=m1n2b3-41");
        assertThat(both.onlyIn(List.of())).isEqualTo(LastEventId.EMPTY);
    }

    @Test
    void django_eventstream_s_form_is_a_position_in_another_log() {
        assertThat(LastEventId.parse("orders:41,rooms/1:0,a%20b:7").positions())
                .containsExactly(
                        Map.entry(new ChannelName("a b"), new EventId("x", 7)),
                        Map.entry(ORDERS, new EventId("x", 41)),
                        Map.entry(new ChannelName("rooms/1"), new EventId("x", 1)));
        assertThat(LastEventId.parse("alerts=k3f9x2-7,orders:41")).hasToString("alerts=k3f9x2-7,orders=x-41");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "orders=",
                "=k3f9x2-7",
                "=",
                ":",
                ":41",
                "orders:",
                "orders=k3f9x2",
                "orders=k3f9x2-",
                "orders=-7",
                "orders=41",
                "orders==k3f9x2-7",
                "orders=k3f9x2-7=",
                "orders=k3f9x2:7",
                "orders:k3f9x2-7",
                "orders:41:1",
                "orders:-1",
                "orders:+1",
                "orders: 1",
                "orders:1000000000000000000",
                "orders:99999999999999999999999",
                "orders=k3f9x2-99999999999999999999999",
                "orders=K3F9X2-7",
                "orders=k3f9x2-07",
                "orders=k3f9x2-0",
                "orders=0-7",
                "orders=k3f9x2-\u0667",
                "orders:\u0667",
                "orders=k3f9x2-7;",
                "orders=k3f9x2-7 ",
                " orders=k3f9x2-7",
                "orders =k3f9x2-7",
                "orders= k3f9x2-7",
                "orders=k3f9x2-7\n",
                "orders\n=k3f9x2-7",
                "orders=k3f9x2-7\0",
                "{\"orders\":41}",
                "error",
                "null",
                "41",
                "größe=k3f9x2-7",
                "🚀=k3f9x2-7",
                "%=k3f9x2-7",
                "%4=k3f9x2-7",
                "%zz=k3f9x2-7",
                "%C0%AF=k3f9x2-7",
                "%ED%A0%80=k3f9x2-7",
                "%00=k3f9x2-7",
                "\uD83D=k3f9x2-7"
            })
    void a_malformed_entry_is_refused_wherever_it_is(String entry) {
        for (String wire : List.of(entry, "before=n4-1," + entry, entry + ",zafter=n4-1")) {
            assertThatExceptionOfType(BadLastEventIdException.class)
                    .isThrownBy(() -> LastEventId.parse(wire))
                    .withMessageStartingWith("Last-Event-ID has the bad entry \"")
                    .withMessageNotContaining("before")
                    .withMessageNotContaining("zafter")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cc}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "a=k3-7,", ",a=k3-7", "a=k3-7,,b=k3-7", "a=k3-7, b=k3-7"})
    void an_empty_entry_or_a_blank_between_entries_is_refused(String wire) {
        assertThatExceptionOfType(BadLastEventIdException.class).isThrownBy(() -> LastEventId.parse(wire));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=k3-7,a=k3-8", "a=k3-7,a=k3-7", "a=k3-7,%61=k3-7", "a=k3-7,a:7", "a:7,b:1,a:7"})
    void a_channel_that_appears_twice_is_refused(String wire) {
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse(wire))
                .withMessageEndingWith(": its channel appears twice");
    }

    @Test
    void the_message_names_the_bad_entry_and_its_problem() {
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse("a=k3-7,orders"))
                .withMessage("Last-Event-ID has the bad entry \"orders\": it is not of the form name=epoch-sequence");
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse("orders=41"))
                .withMessage("Last-Event-ID has the bad entry \"orders=41\":"
                        + " event id \"41\" is not of the form epoch-sequence");
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse("%zz=k3-7"))
                .withMessage("Last-Event-ID has the bad entry \"%zz=k3-7\":"
                        + " channel name \"%zz\" has a '%' that two hexadecimal digits do not follow");
    }

    @Test
    void a_text_of_65536_characters_is_read_and_a_longer_one_is_not() {
        String entry = "a".repeat(200) + "=k3-7";
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse("a".repeat(65_537)))
                .withMessage("Last-Event-ID has 65537 characters; allowed are at most 65536");
        assertThatExceptionOfType(BadLastEventIdException.class)
                .isThrownBy(() -> LastEventId.parse("a".repeat(65_536)))
                .withMessageStartingWith("Last-Event-ID has the bad entry \"" + "a".repeat(60) + "…\"");
        assertThat(LastEventId.parse(entry).positions()).hasSize(1);
        assertThat(LastEventId.parse(longest()).toString()).hasSize(65_536);
    }

    private static String longest() {
        StringBuilder wire = new StringBuilder();
        for (int i = 10_000; wire.length() < LastEventId.MAX_LENGTH - 32; i++) {
            wire.append('c').append(i).append("=k3f9x2-7,");
        }
        return wire + "z".repeat(LastEventId.MAX_LENGTH - wire.length() - 5) + "=k3-7";
    }

    @Test
    void three_typical_channels_stay_under_128_bytes() {
        LastEventId typical = LastEventId.of(Map.of(
                new ChannelName("room-1234567"), new EventId("k3f9x2", 1_234_567),
                new ChannelName("private-alice.smith"), new EventId("m1n2b3", 41),
                new ChannelName("notifications"), new EventId("q9w8e7", 99_999)));
        assertThat(typical.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(128);
    }

    @Test
    void every_position_survives_the_round_trip_in_cors_safelisted_bytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            LastEventId id = randomId(random);
            String wire = id.toString();
            assertThat(LastEventId.parse(wire)).as("seed %d, case %d", seed, i).isEqualTo(id);
            assertThat(wire.chars().filter(LastEventIdTest::isUnsafe))
                    .as("seed %d, case %d: unsafe bytes of %s", seed, i, wire)
                    .isEmpty();
        }
    }

    @Test
    void no_text_makes_the_parser_fail_in_another_way() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String wire = mutated(randomId(random).toString(), random);
            try {
                LastEventId read = LastEventId.parse(wire);
                assertThat(LastEventId.parse(read.toString()))
                        .as("seed %d, case %d: %s", seed, i, wire)
                        .isEqualTo(read);
            } catch (BadLastEventIdException e) {
                assertThat(e.getMessage())
                        .as("seed %d, case %d: %s", seed, i, wire)
                        .hasSizeLessThan(300);
            }
        }
    }

    /** Fetch standard, 2.2.2: a CORS-unsafe request-header byte, and anything but ASCII. */
    private static boolean isUnsafe(int c) {
        return (c < 0x20 && c != '\t') || "\"():<>?@[\\]{}\u007F".indexOf(c) >= 0 || c > 0x7F;
    }

    private static LastEventId randomId(Random random) {
        Map<ChannelName, EventId> positions = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String epoch = Integer.toString(1 + random.nextInt(Integer.MAX_VALUE - 1), 36) + "a";
            long sequence = 1 + (random.nextLong(EventId.MAX_SEQUENCE) >> random.nextInt(60));
            positions.put(randomChannel(random), random.nextInt(10) == 0 ? EventId.NONE : new EventId(epoch, sequence));
        }
        return LastEventId.of(Collections.unmodifiableMap(positions));
    }

    private static ChannelName randomChannel(Random random) {
        int ceiling = random.nextBoolean() ? 0x7F : Character.MAX_CODE_POINT + 1;
        return new ChannelName(random.ints(0x20, ceiling)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(1 + random.nextInt(12))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    private static String mutated(String wire, Random random) {
        StringBuilder changed = new StringBuilder(wire);
        String hostile = "%,=:-0aZ \0\n\uD83D\uDE80é\u0661";
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            if (random.nextBoolean() && at < changed.length()) {
                changed.deleteCharAt(at);
            } else {
                changed.insert(at, hostile.charAt(random.nextInt(hostile.length())));
            }
        }
        return changed.toString();
    }
}
