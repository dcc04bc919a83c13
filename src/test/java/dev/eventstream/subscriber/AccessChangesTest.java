package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessChangesTest {
    private static final ChannelName CLUB = new ChannelName("club");
    private static final ChannelName BAR = new ChannelName("bar");
    private static final List<ChannelName> BOTH = List.of(BAR, CLUB);

    private final SettableTicker ticker = new SettableTicker();
    private final AccessChanges changes = new AccessChanges(ticker);
    private final long requested = ticker.read();

    private List<ChannelName> since(String user) {
        return changes.since(requested, TestNode.user(user), BOTH);
    }

    private void disconnect(String user, String reason) {
        changes.note(new AccessChange.Disconnected(user, reason));
    }

    @Test
    void a_change_for_a_user_concerns_this_user_and_channel_only() {
        changes.note(new AccessChange.OfUser("ann", CLUB));

        assertThat(since("ann")).containsExactly(CLUB);
        assertThat(since("bob")).isEmpty();
        assertThat(changes.since(requested, Reader.anonymous(), BOTH)).isEmpty();
    }

    @Test
    void a_change_for_a_channel_concerns_every_reader_of_it() {
        changes.note(new AccessChange.OfChannel(CLUB));

        assertThat(since("ann")).containsExactly(CLUB);
        assertThat(changes.since(requested, Reader.anonymous(), BOTH)).containsExactly(CLUB);
        assertThat(changes.since(requested, Reader.anonymous(), List.of(BAR))).isEmpty();
    }

    @Test
    void a_request_that_began_after_a_change_is_not_concerned() {
        changes.note(new AccessChange.OfUser("ann", CLUB));
        disconnect("ann", "bye");
        changes.noteAll();
        ticker.advance(Duration.ofNanos(1));

        assertThat(changes.since(ticker.read(), TestNode.user("ann"), BOTH)).isEmpty();
        assertThat(changes.disconnectedSince(ticker.read(), TestNode.user("ann")))
                .isEmpty();
    }

    @Test
    void a_change_is_forgotten_when_another_comes_after_two_minutes() {
        changes.note(new AccessChange.OfUser("ann", CLUB));
        ticker.advance(Duration.ofMinutes(2).plusNanos(1));
        changes.note(new AccessChange.OfUser("bob", CLUB));

        assertThat(since("ann")).isEmpty();
        assertThat(since("bob")).containsExactly(CLUB);
    }

    @Test
    void a_repeated_change_is_remembered_from_its_last_time() {
        changes.note(new AccessChange.OfUser("ann", CLUB));
        ticker.advance(Duration.ofMinutes(2));
        changes.note(new AccessChange.OfUser("ann", CLUB));
        ticker.advance(Duration.ofMinutes(1));
        changes.note(new AccessChange.OfUser("bob", CLUB));

        assertThat(since("ann")).containsExactly(CLUB);
    }

    @Test
    void a_request_that_began_before_a_change_that_was_forgotten_early_is_checked_completely() {
        for (int i = 0; i < AccessChanges.MAX_CHANGES; i++) {
            changes.note(new AccessChange.OfUser("user " + i, CLUB));
        }
        assertThat(since("ann")).isEmpty();
        changes.note(new AccessChange.OfUser("bob", CLUB));

        assertThat(since("ann")).isEqualTo(BOTH);
        ticker.advance(Duration.ofNanos(1));
        assertThat(changes.since(ticker.read(), TestNode.user("ann"), BOTH)).isEmpty();
    }

    @Test
    void a_change_of_all_concerns_every_reader_of_every_channel() {
        changes.noteAll();

        assertThat(since("ann")).isEqualTo(BOTH);
        assertThat(changes.since(requested, Reader.anonymous(), List.of(CLUB))).containsExactly(CLUB);
    }

    @Test
    void the_last_disconnection_of_a_user_is_remembered() {
        disconnect("ann", "one");
        disconnect("ann", "two");

        assertThat(changes.disconnectedSince(requested, TestNode.user("ann")))
                .contains(new AccessChange.Disconnected("ann", "two"));
        assertThat(changes.disconnectedSince(requested, TestNode.user("bob"))).isEmpty();
        assertThat(changes.disconnectedSince(requested, Reader.anonymous())).isEmpty();
        assertThat(since("ann")).isEmpty();
    }
}
