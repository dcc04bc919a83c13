package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PresentReadersTest {
    private static final ChannelName ROOM = new ChannelName("room");
    private static final Attendee ANN = new Attendee(ROOM, "ann");
    private static final Attendee NOBODY = new Attendee(ROOM, null);

    private final PresentReaders readers = new PresentReaders(true);

    @Test
    void a_user_counts_once_and_each_stream_without_a_name_counts() {
        readers.set("a", ANN, 2);
        readers.set("b", ANN, 1);
        readers.set("b", NOBODY, 3);
        assertThat(readers.of(ROOM, true)).isEqualTo(new Presence(ROOM, 4, 6, List.of("ann"), true));
        assertThat(readers.count(ROOM)).isEqualTo(4);
    }

    @Test
    void readers_who_left_leave_nothing_behind() {
        readers.set("a", ANN, 2);
        readers.set("b", NOBODY, 1);
        readers.set("a", ANN, 0);
        readers.remove("b");
        assertThat(readers.of(ROOM, true)).isEqualTo(new Presence(ROOM, 0, 0, List.of(), true));
        assertThat(readers.channels()).isZero();
        assertThat(readers.streams()).isZero();
        assertThat(readers.of("a")).isEmpty();
    }

    @Test
    void a_user_comes_with_the_first_stream_and_goes_with_the_last_on_any_node() {
        readers.set("a", ANN, 1);
        readers.set("a", NOBODY, 1);
        assertThat(readers.takeChanged()).containsExactly(ANN);
        readers.set("b", ANN, 1);
        readers.remove("a");
        assertThat(readers.takeChanged()).isEmpty();
        assertThat(readers.isPresent(ANN)).isTrue();
        readers.replace("b", Map.of());
        assertThat(readers.takeChanged()).containsExactly(ANN);
        assertThat(readers.isPresent(ANN)).isFalse();
    }

    @Test
    void random_reports_add_up_to_what_the_sources_say() {
        Random random = new Random(5);
        Map<String, Map<Attendee, Integer>> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String source = "source " + random.nextInt(3);
            Map<Attendee, Integer> of = model.computeIfAbsent(source, unused -> new HashMap<>());
            int number = random.nextInt(6);
            Attendee attendee = number == 5 ? NOBODY : new Attendee(ROOM, "user-" + number);
            int streams = random.nextInt(3);
            if (random.nextInt(50) == 0) {
                of.clear();
                readers.remove(source);
            } else if (random.nextInt(50) == 0) {
                of.clear();
                of.put(attendee, 1 + streams);
                readers.replace(source, Map.of(attendee, 1 + streams));
            } else {
                of.put(attendee, streams);
                of.values().removeIf(left -> left == 0);
                readers.set(source, attendee, streams);
            }
            assertThat(readers.of(ROOM, true)).isEqualTo(expected(model));
        }
    }

    private static Presence expected(Map<String, Map<Attendee, Integer>> model) {
        TreeSet<String> users = new TreeSet<>();
        int unnamed = 0;
        int streams = 0;
        for (Map<Attendee, Integer> source : model.values()) {
            for (Map.Entry<Attendee, Integer> entry : source.entrySet()) {
                String user = entry.getKey().user();
                streams += entry.getValue();
                if (user == null) {
                    unnamed += entry.getValue();
                } else {
                    users.add(user);
                }
            }
        }
        return new Presence(ROOM, users.size() + unnamed, streams, List.copyOf(users), true);
    }

    @Test
    void a_source_has_room_for_a_hundred_thousand_readers_and_refuses_more_than_its_memory_allows() {
        int taken = 0;
        while (readers.set("a", new Attendee(ROOM, "a-user-with-number-" + taken), 1)) {
            taken++;
        }
        assertThat(taken).isBetween(80_000, 120_000);
        assertThat(readers.set("a", new Attendee(ROOM, "a-user-with-number-0"), 2))
                .isTrue();
        assertThat(readers.set("b", ANN, 1)).isTrue();
        assertThat(readers.set("a", new Attendee(ROOM, "a-user-with-number-0"), 0))
                .isTrue();
        assertThat(readers.set("a", new Attendee(ROOM, "a-user-with-number-x"), 1))
                .isTrue();
    }
}
