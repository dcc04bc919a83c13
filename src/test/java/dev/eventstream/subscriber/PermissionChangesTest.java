package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PermissionChangesTest {
    private static final ChannelName CLUB = new ChannelName("club");
    private static final ChannelName BAR = new ChannelName("bar");

    private static final long NOW = TimeUnit.MINUTES.toNanos(3);

    private final PermissionChanges changes = new PermissionChanges();

    @Test
    void change_concerns_its_user_and_channel_only() {
        changes.note("ann", CLUB, 0);

        assertThat(changes.of(reader("ann"), List.of(BAR, CLUB), NOW)).containsExactly(CLUB);
        assertThat(changes.of(reader("bob"), List.of(BAR, CLUB), NOW)).isEmpty();
        assertThat(changes.of(Reader.anonymous(), List.of(CLUB), NOW)).isEmpty();
    }

    @Test
    void change_is_forgotten_when_another_comes_after_two_minutes() {
        changes.note("ann", CLUB, 0);
        changes.note("bob", CLUB, TimeUnit.MINUTES.toNanos(2) + 1);

        assertThat(changes.of(reader("ann"), List.of(CLUB), NOW)).isEmpty();
        assertThat(changes.of(reader("bob"), List.of(CLUB), NOW)).containsExactly(CLUB);
    }

    @Test
    void repeated_change_is_remembered_from_its_last_time() {
        changes.note("ann", CLUB, 0);
        changes.note("ann", CLUB, TimeUnit.MINUTES.toNanos(2));
        changes.note("bob", CLUB, TimeUnit.MINUTES.toNanos(3));

        assertThat(changes.of(reader("ann"), List.of(CLUB), NOW)).containsExactly(CLUB);
    }

    @Test
    void oldest_are_forgotten_beyond_the_limit() {
        for (int i = 0; i <= PermissionChanges.MAX_CHANGES; i++) {
            changes.note("user " + i, CLUB, i);
        }

        assertThat(changes.of(reader("user 0"), List.of(CLUB), NOW)).isEmpty();
        assertThat(changes.of(reader("user 1"), List.of(CLUB), NOW)).containsExactly(CLUB);
    }

    @Test
    void change_of_all_concerns_everybody_for_two_minutes() {
        changes.noteAll(0);
        long later = TimeUnit.MINUTES.toNanos(2);

        assertThat(changes.of(reader("ann"), List.of(BAR, CLUB), later)).containsExactly(BAR, CLUB);
        assertThat(changes.of(Reader.anonymous(), List.of(CLUB), later)).containsExactly(CLUB);
        assertThat(changes.of(reader("ann"), List.of(CLUB), later + 1)).isEmpty();
    }

    private static Reader reader(String name) {
        return Reader.of((Principal) () -> name);
    }
}
