package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.channel.PercentEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes whose channels contain the name of the user who has signed in. */
class ChannelOfUserTest {
    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            routes:
              - {path: /mine, channels: ['user-{user}', news]}
              - {path: /maybe-mine, channels: ['user-{user?}', news]}
              - {path: /only-mine, channels: ['user-{user?}']}
              - {path: '/users/{user}/events', channels: ['user-{user}']}
            """);

    private static TestStream open(String path, String user) {
        return user.isEmpty() ? SERVER.stream(path) : SERVER.stream(path, "Authorization", TestServer.basic(user));
    }

    @ParameterizedTest
    @CsvSource({
        "/mine,             ann, news user-ann",
        "/maybe-mine,       ann, news user-ann",
        "/maybe-mine,       '',  news",
        "/only-mine,        ann, user-ann",
        "/users/bob/events, ann, user-bob",
        "/users/bob/events, '',  user-bob",
    })
    void the_stream_has_the_channels_of_its_user(String path, String user, String channels) {
        try (TestStream stream = open(path, user).awaitOpen()) {
            assertThat(stream.lastEventId().replaceAll("=[^,]*", "").replace(',', ' '))
                    .isEqualTo(channels);
        }
    }

    @Test
    void a_user_receives_nothing_that_is_meant_for_another() {
        try (TestStream ann = open("/mine", "ann").awaitOpen();
                TestStream bob = open("/mine", "bob").awaitOpen()) {
            SERVER.events().send("user-bob", "message", "for bob");
            SERVER.events().send("user-ann", "message", "for ann");
            SERVER.events().send("news", "message", "for all");

            ann.awaitMessages(2);
            bob.awaitMessages(2);
            assertThat(ann.text()).contains("for ann", "for all").doesNotContain("for bob");
            assertThat(bob.text()).contains("for bob", "for all").doesNotContain("for ann");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mine", "/only-mine"})
    void a_reader_who_has_not_signed_in_is_refused_for_good(String path) {
        assertThat(open(path, "").awaitEnd().text())
                .contains(
                        "\"condition\":\"forbidden\"", "This address is for readers who have signed in.", "id: error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mine?channel=user-bob", "/mine?channel", "/only-mine?channel=user-bob"})
    void a_client_cannot_name_further_channels(String path) {
        assertThat(open(path, "ann").awaitEnd().text())
                .contains("\"condition\":\"bad-request\"", "this address streams fixed channels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{user}", "$1", "a\\b", "a/../bob", "bob,news", "*", "ünï 😀"})
    void a_user_name_is_taken_literally(String user) {
        try (TestStream stream = open("/only-mine", user).awaitOpen()) {
            assertThat(stream.lastEventId()).isEqualTo("user-" + PercentEncoding.encode(user) + "=0-0");
        }
    }

    @Test
    void a_user_name_that_does_not_fit_into_a_channel_is_refused_with_the_reason() {
        assertThat(open("/only-mine", "x".repeat(300)).awaitEnd().text())
                .contains("\"condition\":\"bad-request\"", "255");
    }
}
