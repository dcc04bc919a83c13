package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import io.dropwizard.auth.PrincipalImpl;
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
    })
    void the_name_of_a_channel_decides_who_may_read_it(String channel, boolean anonymous, boolean alice, boolean bob) {
        RoomAuthorizer authorizer = new RoomAuthorizer();
        ChannelName name = new ChannelName(channel);

        assertThat(authorizer.mayRead(Reader.anonymous(), name)).isEqualTo(anonymous);
        assertThat(authorizer.mayRead(ALICE, name)).isEqualTo(alice);
        assertThat(authorizer.mayRead(BOB, name)).isEqualTo(bob);
    }
}
