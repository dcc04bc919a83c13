package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator can do from the admin pages. */
class AdminActionsTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.adminActions=true", "eventStream.drain=1s");

    private final AdminPort admin = new AdminPort(SERVER);

    private RawHttp.Answer run(String... fields) throws Exception {
        return admin.post(
                List.of(),
                Stream.concat(Arrays.stream(fields), Stream.of("confirm", "yes"))
                        .toArray(String[]::new));
    }

    private static TestStream open(String path, String user) {
        return SERVER.stream(path, "Authorization", TestServer.basic(user)).awaitOpen();
    }

    private static List<String> audited(Logged logged) {
        return logged.lines().stream()
                .filter(line -> line.contains("Admin action"))
                .toList();
    }

    private static String last(TestStream stream) {
        List<WireEvent> events = stream.events();
        return events.get(events.size() - 1).data();
    }

    // ---- confirmation

    @Test
    void an_action_asks_for_confirmation_before_it_does_anything() throws Exception {
        Event event = SERVER.events().send("asked", "message", 1);
        try (Logged logged = new Logged()) {
            RawHttp.Answer answer = admin.post(List.of(), "action", "delete", "channel", "asked");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(
                            "Really delete the log of channel &quot;asked&quot;?",
                            "cannot be restored",
                            "<input type=\"hidden\" name=\"channel\" value=\"asked\">",
                            "<input type=\"hidden\" name=\"confirm\" value=\"yes\">");
            assertThat(audited(logged)).isEmpty();
        }
        assertThat(SERVER.events().currentEventId("asked")).isEqualTo("asked=" + event.id());
    }

    @Test
    void the_page_offers_every_action() throws Exception {
        assertThat(admin.get("actions").body())
                .contains(Stream.of("disconnect", "kick", "trim", "renew-epoch", "delete", "drain", "resume")
                        .map(name -> "<input type=\"hidden\" name=\"action\" value=\"" + name + "\">")
                        .toList());
    }

    // ---- the actions

    @Test
    void a_user_is_disconnected() throws Exception {
        try (TestStream ann = open("/events?channel=people", "ann");
                TestStream bob = open("/events?channel=people", "bob");
                Logged logged = new Logged()) {
            assertThat(run("action", "disconnect", "user", "ann", "reason", "Your account is closed.")
                            .body())
                    .contains("Disconnect user &quot;ann&quot;: the nodes and proxies have been told.");
            ann.awaitEnd();

            assertThat(last(ann)).contains("\"disconnected\"", "Your account is closed.");
            assertThat(bob.hasEnded()).isFalse();
            assertThat(audited(logged))
                    .containsExactly(
                            "INFO Admin action of 127.0.0.1: disconnect user \"ann\": the nodes and proxies have been"
                                    + " told");
        }
    }

    @Test
    void readers_who_have_lost_a_right_are_kicked() throws Exception {
        try (TestStream ann = open("/events?channel=club", "ann");
                TestStream bob = open("/events?channel=club", "bob")) {
            SERVER.service().revoked.add("ann club");
            SERVER.service().revoked.add("bob club");
            run("action", "kick", "channel", "club", "user", "ann");
            ann.awaitEnd();
            assertThat(last(ann)).contains("\"forbidden\"");
            assertThat(bob.hasEnded()).isFalse();

            run("action", "kick", "channel", "club");
            bob.awaitEnd();
        }
    }

    @Test
    void a_channel_is_trimmed() throws Exception {
        SERVER.events().sendAll(Collections.nCopies(5, NewEvent.text("long", "message", "1")));
        try (Logged logged = new Logged()) {
            assertThat(run("action", "trim", "channel", "long", "keep", "2").body())
                    .contains("Trim channel &quot;long&quot; to keep=2: 3 events removed.");
            assertThat(audited(logged))
                    .containsExactly(
                            "INFO Admin action of 127.0.0.1: trim channel \"long\" to keep=2: 3 events removed");
        }
    }

    @Test
    void an_epoch_is_renewed_and_readers_are_reset() throws Exception {
        Event before = SERVER.events().send("epoch", "message", 1);
        try (TestStream stream = open("/events?channel=epoch", "ann")) {
            assertThat(run("action", "renew-epoch", "channel", "epoch").body())
                    .contains("instead of " + before.id().epoch());
            stream.awaitEvent("stream-reset");
            Event after = SERVER.events().send("epoch", "message", 2);
            stream.awaitMessages(1);

            assertThat(after.id().epoch()).isNotEqualTo(before.id().epoch());
            assertThat(after.id().sequence()).isEqualTo(2);
        }
        assertThat(run("action", "renew-epoch", "channel", "never-used").body()).contains("the channel has no log.");
    }

    @Test
    void a_log_is_deleted_and_readers_are_reset() throws Exception {
        List<Event> events = SERVER.events().sendAll(Collections.nCopies(3, NewEvent.text("gone", "message", "1")));
        try (TestStream stream = open("/events?channel=gone", "ann")) {
            assertThat(run("action", "delete", "channel", "gone").body())
                    .contains("Delete the log of channel &quot;gone&quot;: 3 events removed; the epoch is ");
            stream.awaitEvent("stream-reset");
            try (TestStream back = SERVER.stream(
                    "/events?channel=gone",
                    "Last-Event-ID",
                    "gone=" + events.get(0).id())) {
                back.awaitEvent("stream-reset");
                Event next = SERVER.events().send("gone", "message", 4);
                back.awaitMessages(1);
                stream.awaitMessages(1);
                assertThat(next.id().sequence()).isEqualTo(4);
            }
        }
    }

    @Test
    void a_node_is_drained_and_resumes() throws Exception {
        try (TestStream stream = open("/events?channel=drained", "ann")) {
            assertThat(run("action", "drain").body()).contains("Drain this node: its direct streams have ended.");
            stream.awaitEnd();
            assertThat(SERVER.support()
                            .getEnvironment()
                            .healthChecks()
                            .runHealthCheck("eventstream-drain")
                            .isHealthy())
                    .isFalse();
            assertThat(admin.get("overview").body()).contains("This node is draining");
            assertThat(run("action", "drain").body()).contains("it was draining already");
            try (TestStream refused = SERVER.stream("/events?channel=drained")) {
                refused.awaitEnd();
            }
        } finally {
            assertThat(run("action", "resume").body()).contains("Resume this node: it accepts streams.");
        }
        try (TestStream stream = open("/events?channel=drained", "ann")) {
            SERVER.events().send("drained", "message", 1);
            stream.awaitMessages(1);
        }
    }

    // ---- who may

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://evil.example",
                "Origin: null",
            })
    void a_page_of_another_site_can_do_nothing(String header) throws Exception {
        try (TestStream stream = open("/events?channel=safe", "safe-ann");
                Logged logged = new Logged()) {
            RawHttp.Answer answer =
                    admin.post(List.of(header), "action", "disconnect", "user", "safe-ann", "confirm", "yes");

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("Pages of other sites may not do this.");
            assertThat(logged.lines())
                    .contains(
                            "WARN An admin action was refused: a page of another site made the browser of 127.0.0.1 send it");
            SERVER.events().send("safe", "message", 1);
            stream.awaitMessages(1);
        }
    }

    @Test
    void the_forms_of_the_pages_themselves_are_accepted() throws Exception {
        assertThat(admin.post(
                                List.of("Sec-Fetch-Site: same-origin", "Origin: http://localhost"),
                                "action",
                                "trim",
                                "channel",
                                "own",
                                "keep",
                                "",
                                "before",
                                "2000-01-01T00:00:00Z",
                                "confirm",
                                "yes")
                        .status())
                .isEqualTo(200);
    }

    // ---- hostile input

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                  | action is missing",
                "action=explode                      | there is no action \"explode\"; allowed are disconnect, kick, trim,",
                "action=trim&action=drain            | action is given 2 times",
                "action=drain&confirm=maybe          | confirm is \"maybe\"; allowed is yes",
                "action=drain&user=ann               | there is no parameter \"user\"; allowed are action, confirm",
                "action=disconnect                   | user is missing",
                "action=disconnect&user=a%0Ab        | user is \"a\uFFFDb\"; allowed are",
                "action=kick                         | channel is missing",
                "action=trim&channel=a               | exactly one of before and keep is required",
                "action=trim&channel=a&keep=-1       | keep is \"-1\", which is not a number",
                "action=delete&channel=%E2%80%A8%00  | has a control character",
                "action=renew-epoch                  | channel is missing",
            })
    void a_wrong_field_is_explained_and_nothing_is_done(String form, String message) throws Exception {
        try (Logged logged = new Logged()) {
            RawHttp.Answer answer = RawHttp.post(
                    SERVER.adminPort(),
                    "/eventstream/actions.json",
                    (form.isEmpty() || form.contains("confirm") ? form : form + "&confirm=yes")
                            .getBytes(StandardCharsets.US_ASCII),
                    "Content-Type: application/x-www-form-urlencoded");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().replace("\\\"", "\"")).contains(message);
            assertThat(audited(logged)).isEmpty();
        }
    }

    @Test
    void a_reason_that_is_too_long_is_refused() throws Exception {
        RawHttp.Answer answer = run("action", "disconnect", "user", "ann", "reason", "x".repeat(256));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("has 256 characters; allowed are up to 255");
    }

    @Test
    void names_in_questions_and_in_the_log_are_harmless() throws Exception {
        String name = "<b>x</b>\u202E";
        assertThat(admin.post(List.of(), "action", "disconnect", "user", name).body())
                .contains("Really disconnect user &quot;&lt;b&gt;x&lt;/b&gt;")
                .doesNotContain("<b>x");
    }
}
