package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A channel's name in an address, as the various clients encode it. */
class ChannelInAddressTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @ParameterizedTest
    @CsvSource({
        "/events?channel=a+b,                a%20b", // URLSearchParams and forms
        "/events?channel=a%20b,              a%20b",
        "/events?channel=a%2Bb,              a%2Bb",
        "/events?channel=a*b,                a%2Ab",
        "/events?channel=a!b'(c),            a%21b%27%28c%29", // encodeURIComponent
        "/events?channel=caf%C3%A9+%E2%98%95, caf%C3%A9%20%E2%98%95",
        "/events/hi!'(*),                    hi%21%27%28%2A%29",
        "/events/a+b,                        a%2Bb",
        "/events/a:b@c,                      a%3Ab%40c",
        "/rooms/a%20b!/events/,              room-a%20b%21",
    })
    void a_channel_name_is_decoded_from_every_encoding_that_clients_use(String address, String encoded) {
        try (TestStream stream = SERVER.stream(address).awaitOpen()) {
            assertThat(stream.lastEventId()).isEqualTo(encoded + "=0-0");
        }
    }
}
