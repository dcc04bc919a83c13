package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import io.dropwizard.auth.PrincipalImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomAuthorizerTest {
    private static final Reader ALICE = Reader.of(new PrincipalImpl("alice"));
    private static final Reader BOB = Reader.of(new PrincipalImpl("bob"));

    @ParameterizedTest(name = "{0}: anonymous {1}, alice {2}, bob {3}")
    @CsvSource({
        "room-lobby,         true,  true,  true",
        "time,               true,  true,  true",
        "room-_x,            true,  true,  true",
        "Private-alice,      true,  true,  true",
        "_,                  false, true,  true",
        "_staff,             false, true,  true",
        "private-alice,      false, true,  false",
        "private-bob,        false, false, true",
        "private-,           false, false, false",
        "private-Alice,      false, false, false",
        "private-alice-more, false, false, false",
        "_private-bob,       false, true,  true",
        "members-staff,      false, false, true",
        "members-other,      false, false, false",
        "members-,           false, false, false",
        "typing-members-staff,      false, false, true",
        "typing-members-other,      false, false, false",
        "typing-room-staff,         true,  true,  true",
        "room-members-staff,        true,  true,  true",
    })
    void the_name_of_a_channel_decides_who_may_read_it(String channel, boolean anonymous, boolean alice, boolean bob) {
        RoomAuthorizer authorizer = new RoomAuthorizer((user, room) -> (user + ' ' + room).equals("bob staff"));
        ChannelName name = new ChannelName(channel);

        assertThat(authorizer.mayRead(Reader.anonymous(), name)).isEqualTo(anonymous);
        assertThat(authorizer.mayRead(ALICE, name)).isEqualTo(alice);
        assertThat(authorizer.mayRead(BOB, name)).isEqualTo(bob);
    }

    @Test
    void members_see_the_names_of_the_readers_of_their_room_and_nobody_else_sees_any() {
        RoomAuthorizer authorizer = new RoomAuthorizer((user, room) -> user.equals("bob"));

        assertThat(authorizer.mayReadPresence(BOB, new ChannelName("members-staff")))
                .isTrue();
        assertThat(authorizer.mayReadPresence(ALICE, new ChannelName("members-staff")))
                .isFalse();
        assertThat(authorizer.mayReadPresence(Reader.anonymous(), new ChannelName("members-staff")))
                .isFalse();
        assertThat(authorizer.mayReadPresence(BOB, new ChannelName("room-lobby")))
                .isFalse();
    }
}
