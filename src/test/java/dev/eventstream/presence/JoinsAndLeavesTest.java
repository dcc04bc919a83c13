package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinsAndLeavesTest {
    private static final ChannelName ROOM = new ChannelName("room");
    private static final Attendee ANN = new Attendee(ROOM, "ann");
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final SettableTicker ticker = new SettableTicker();
    private final PresentReaders readers = new PresentReaders(true);
    private final JoinsAndLeaves events =
            new JoinsAndLeaves(readers, new PresenceChannels(List.of(new ChannelPattern("*")), true), DELAY, ticker);

    private List<String> round() {
        return events.round(true).stream()
                .map(event -> event.channel() + " " + event.type() + " " + event.data())
                .toList();
    }

    private List<String> roundAfter(Duration time) {
        assertThat(round()).isEmpty();
        ticker.advance(time);
        return round();
    }

    @Test
    void a_user_joins_and_leaves_after_the_delay() {
        readers.set("a", new Attendee(ROOM, null), 1);
        readers.set("a", ANN, 1);
        assertThat(roundAfter(DELAY.minusMillis(1))).isEmpty();
        assertThat(roundAfter(Duration.ofMillis(1)))
                .containsExactly("presence:room join {\"user\":\"ann\",\"readers\":2}");
        readers.set("a", ANN, 0);
        assertThat(roundAfter(DELAY)).containsExactly("presence:room leave {\"user\":\"ann\",\"readers\":1}");
        assertThat(roundAfter(DELAY)).isEmpty();
    }

    @Test
    void a_reloaded_page_a_second_tab_and_another_node_cause_nothing() {
        readers.set("a", ANN, 1);
        assertThat(roundAfter(DELAY)).hasSize(1);
        readers.set("a", ANN, 0);
        assertThat(roundAfter(Duration.ofSeconds(4))).isEmpty();
        readers.set("b", ANN, 1);
        assertThat(roundAfter(DELAY)).isEmpty();
        readers.set("b", ANN, 2);
        readers.set("b", ANN, 1);
        readers.remove("a");
        assertThat(roundAfter(DELAY)).isEmpty();
        for (int i = 0; i < 10; i++) {
            readers.set("b", ANN, i % 2);
            assertThat(roundAfter(Duration.ofSeconds(4))).isEmpty();
        }
        assertThat(roundAfter(DELAY)).isEmpty();
    }

    @Test
    void a_reader_who_stays_for_a_moment_causes_nothing() {
        readers.set("a", ANN, 1);
        assertThat(roundAfter(Duration.ofSeconds(4))).isEmpty();
        readers.set("a", ANN, 0);
        assertThat(roundAfter(DELAY)).isEmpty();
    }

    @Test
    void users_that_a_new_node_finds_have_joined_earlier() {
        readers.set("a", ANN, 1);
        assertThat(events.round(false)).isEmpty();
        assertThat(roundAfter(DELAY)).isEmpty();
        readers.set("a", ANN, 0);
        assertThat(roundAfter(DELAY)).hasSize(1);
    }

    @Test
    void a_crowd_that_comes_at_once_causes_one_event_and_has_joined() {
        for (int i = 0; i <= JoinsAndLeaves.MAX_EVENTS; i++) {
            readers.set("a", new Attendee(ROOM, "user-" + i), 1);
        }
        assertThat(roundAfter(DELAY)).containsExactly("presence:room presence {\"readers\":51}");
        readers.set("a", new Attendee(ROOM, "user-7"), 0);
        assertThat(roundAfter(DELAY)).containsExactly("presence:room leave {\"user\":\"user-7\",\"readers\":50}");
    }

    @Test
    void a_channel_whose_name_is_too_long_for_another_has_no_events() {
        ChannelName longest = new ChannelName("x".repeat(255));
        readers.set("a", new Attendee(longest, "ann"), 1);
        assertThat(roundAfter(DELAY)).isEmpty();
    }

    @Test
    void a_name_is_quoted_as_json() {
        readers.set("a", new Attendee(ROOM, "a\"},\u2028é"), 1);
        assertThat(roundAfter(DELAY)).containsExactly("presence:room join {\"user\":\"a\\\"},\u2028é\",\"readers\":1}");
    }
}
