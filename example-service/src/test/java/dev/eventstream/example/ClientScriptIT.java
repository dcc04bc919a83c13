package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the browser client reacts to everything that can happen to a stream, with a fake clock, network and page. */
class ClientScriptIT extends ChromiumSuite {
    private static String client;
    private static String rehearsal;

    @BeforeAll
    static void start() throws IOException {
        client = Resources.toString(Resources.getResource("dev/eventstream/eventstream.js"), UTF_8);
        rehearsal = Resources.toString(Resources.getResource("client/rehearsal.js"), UTF_8);
    }

    @Test
    void passes_events_on_and_parses_json_data() {
        assertThat(scene("""
                const stream = open('/events?channel=a');
                log.push(stream.status);
                opens('a=x-1');
                says('message', '{"n":1}', 'a=x-2');
                says('message', 'plain text', 'a=x-3');
                says('message', '', 'a=x-4');
                stream.on('other', (data, info) => log.push(JSON.stringify([data, info])));
                says('other', '12', 'a=x-5');
                stream.close();
                log.push(stream.status);
                """))
                .containsExactly(
                        "0s connect /events?channel=a",
                        "connecting",
                        "status open",
                        "message {\"n\":1} a=x-2",
                        "message \"plain text\" a=x-3",
                        "message \"\" a=x-4",
                        "[12,{\"id\":\"a=x-5\",\"type\":\"other\",\"text\":\"12\"}]",
                        "status closed",
                        "closed");
    }

    @Test
    void starts_at_the_given_position_and_replaces_an_older_one_in_the_url() {
        assertThat(scene("""
                open('/events?lastEventId=old&channel=a', {lastEventId: 'a=x-7,b%2C=y-1', withCredentials: true});
                open('/events');
                """))
                .containsExactly(
                        "0s connect /events?lastEventId=a=x-7,b%2C=y-1&channel=a with credentials",
                        "0s connect /events");
    }

    @Test
    void shows_each_event_once() {
        assertThat(scene("""
                open('/e', {lastEventId: 'a=x-4'});
                opens('a=x-4');
                says('message', '5', 'a=x-5');
                says('message', '5', 'a=x-5');
                says('message', '6', 'a=x-6');
                says('message', '4', 'a=x-4');
                says('message', '5', 'a=x-5');
                says('message', '6', 'a=x-6');
                says('message', '7', 'a=x-7');
                """))
                .containsExactly(
                        "0s connect /e?lastEventId=a=x-4",
                        "status open",
                        "message 5 a=x-5",
                        "message 6 a=x-6",
                        "message 7 a=x-7");
    }

    @Test
    void an_event_is_new_if_it_moves_any_channel() {
        assertThat(scene("""
                open('/e');
                opens('a=0-0,b=y-9');
                says('message', '1', 'a=0-0,b=y-10');
                says('message', '2', 'a=x-1,b=y-10');
                says('message', '1', 'a=0-0,b=y-10');
                says('message', '2', 'a=x-1,b=y-10');
                says('message', '3', 'a=x-1,b=y-10,c=z-1');
                says('message', '4', 'a=new-1,b=y-10,c=z-1');
                says('message', '5', 'a=new-1,b=y-10,c=z-0');
                """))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "message 1 a=0-0,b=y-10",
                        "message 2 a=x-1,b=y-10",
                        "message 3 a=x-1,b=y-10,c=z-1",
                        "message 4 a=new-1,b=y-10,c=z-1");
    }

    @Test
    void compares_sequences_that_a_javascript_number_cannot_hold() {
        assertThat(scene("""
                open('/e', {lastEventId: 'a=x-999999999999999998'});
                says('message', '1', 'a=x-999999999999999999');
                says('message', '0', 'a=x-999999999999999998');
                says('message', '2', 'a=x-99999999999999999');
                """))
                .containsExactly(
                        "0s connect /e?lastEventId=a=x-999999999999999998", "message 1 a=x-999999999999999999");
    }

    @Test
    void always_passes_events_without_id() {
        assertThat(scene("""
                open('/e', {}, ['message', 'typing']);
                says('typing', '0');
                says('typing', '0');
                opens('a=x-1');
                says('typing', '1');
                says('typing', '1');
                says('message', '2', 'a=x-2');
                says('typing', '1');
                says('typing', '1');
                says('message', '2', 'a=x-2');
                """))
                .containsExactly(
                        "0s connect /e",
                        "typing 0 ",
                        "typing 0 ",
                        "status open",
                        "typing 1 a=x-1",
                        "typing 1 a=x-1",
                        "message 2 a=x-2",
                        "typing 1 a=x-2",
                        "typing 1 a=x-2");
    }

    @Test
    void drops_a_repeat_after_a_new_connection_to_the_same_position() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                says('message', '2', 'a=x-2');
                breaks({givesUp: true});
                passes(3);
                opens('a=x-2');
                says('message', '2', 'a=x-2');
                """))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "message 2 a=x-2",
                        "status connecting",
                        "3s connect /e?lastEventId=a=x-2",
                        "status open");
    }

    @Test
    void ids_of_unknown_form_hold_nothing_back() {
        assertThat(scene("""
                open('/e');
                says('message', '1', 'kick-1');
                says('message', '2', '<script>=');
                says('message', '3', '=x-1,a=x-1-1,a=x-y,a');
                breaks({givesUp: true});
                passes(3);
                """))
                .containsExactly(
                        "0s connect /e",
                        "message 1 kick-1",
                        "message 2 <script>=",
                        "message 3 =x-1,a=x-1-1,a=x-y,a",
                        "3s connect /e");
    }

    @Test
    void a_reset_replaces_positions_even_with_lower_ones() {
        assertThat(scene("""
                open('/e', {lastEventId: 'a=x-9,b=y-1'});
                says('stream-reset', '{"channels":["a"]}', 'a=x-2,b=y-1');
                says('message', '3', 'a=x-3,b=y-1');
                breaks({givesUp: true});
                passes(3);
                """))
                .containsExactly(
                        "0s connect /e?lastEventId=a=x-9,b=y-1",
                        "reset a",
                        "message 3 a=x-3,b=y-1",
                        "3s connect /e?lastEventId=b=y-1,a=x-3");
    }

    @Test
    void leaves_a_broken_connection_to_event_source_while_that_retries() {
        assertThat(scene("""
                const stream = open('/e');
                opens('a=x-1');
                breaks({givesUp: false});
                passes(49);
                breaks({givesUp: false});
                passes(49);
                opens('a=x-1');
                log.push(connections.length);
                """)).containsExactly("0s connect /e", "status open", "status connecting", "status open", "1");
    }

    @Test
    void comes_back_ever_more_slowly_after_event_source_gave_up() {
        assertThat(scene("""
                open('/e', {lastEventId: 'a=x-1'});
                for (const seconds of [3, 6, 12, 18, 18]) {
                  breaks({givesUp: true});
                  passes(seconds);
                }
                """))
                .containsExactly(
                        "0s connect /e?lastEventId=a=x-1",
                        "3s connect /e?lastEventId=a=x-1",
                        "9s connect /e?lastEventId=a=x-1",
                        "21s connect /e?lastEventId=a=x-1",
                        "39s connect /e?lastEventId=a=x-1",
                        "57s connect /e?lastEventId=a=x-1");
    }

    @Test
    void comes_back_neither_at_once_nor_after_more_than_half_a_minute() {
        assertThat(scene("""
                open('/e');
                luck(0);
                breaks({givesUp: true});
                passes(1);
                for (let i = 0; i < 9; i++) { breaks({givesUp: true}); passes(30); }
                luck(1);
                breaks({givesUp: true});
                passes(29.999);
                log.push(connections.length);
                passes(0.001);
                log.push(connections.length);
                """))
                .startsWith("0s connect /e", "1s connect /e", "3s connect /e")
                .endsWith("11", "301s connect /e", "12");
    }

    @Test
    void only_a_connection_that_lasts_makes_it_quick_again() {
        assertThat(scene("""
                open('/e');
                breaks({givesUp: true});
                passes(3);
                opens('a=x-1');
                passes(5);
                says('keep-alive', '');
                passes(5);
                breaks({givesUp: true});
                passes(6);
                opens('a=x-1');
                passes(11);
                says('keep-alive', '');
                passes(5);
                breaks({givesUp: true});
                passes(3);
                """))
                .filteredOn(line -> line.contains("connect /"))
                .containsExactly(
                        "0s connect /e",
                        "3s connect /e",
                        "19s connect /e?lastEventId=a=x-1",
                        "38s connect /e?lastEventId=a=x-1");
    }

    @Test
    void comes_back_after_two_and_a_half_silent_keep_alives() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1', 10);
                passes(24);
                says('keep-alive', '');
                passes(24);
                says('message', '2', 'a=x-2');
                passes(24.999);
                log.push('still there');
                passes(3.001);
                """))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "message 2 a=x-2",
                        "still there",
                        "status connecting",
                        "76s connect /e?lastEventId=a=x-2");
    }

    @Test
    void an_event_slower_than_the_silence_gets_twice_the_time_on_each_connection() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                for (const seconds of [50, 100, 200]) {
                  passes(seconds);
                  passes(24 * 2);
                  opens('a=x-1');
                }
                log.length = 0;
                passes(399);
                says('message', 'large', 'a=x-2');
                """)).containsExactly("message \"large\" a=x-2");
    }

    @Test
    void a_keep_alive_resets_the_patience() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                passes(53);
                opens('a=x-1');
                passes(99);
                says('keep-alive', '');
                passes(49.999);
                log.push('still there');
                passes(0.001);
                """)).endsWith("status open", "still there", "status connecting");
    }

    @Test
    void patience_is_limited_and_only_for_connections_that_opened() {
        assertThat(scene("""
                open('/e');
                luck(0);
                for (let i = 0; i < 9; i++) { opens('a=x-1'); passes(2 ** Math.min(i, 6) * 50); passes(10); }
                log.length = 0;
                opens('a=x-1');
                passes(64 * 50 - 1);
                log.push('still there');
                passes(1);
                passes(30);
                log.push(connections.length);
                passes(51);
                passes(30);
                log.push(connections.length);
                """)).containsSubsequence("still there", "status connecting", "11", "12");
    }

    @Test
    void comes_back_when_a_connection_stays_silent() {
        assertThat(scene("open('/e'); passes(53);")).containsExactly("0s connect /e", "53s connect /e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "[]", "7", "{", "", "{\"keepAlive\":-1}", "{\"keepAlive\":\"x\"}", "{\"keepAlive\":0}"})
    void a_stream_open_without_a_valid_interval_leaves_the_default(String data) {
        assertThat(scene("open('/e'); says('stream-open', '" + data
                        + "'); passes(52.999); log.push('-'); passes(0.001);"))
                .containsExactly("0s connect /e", "status open", "status connecting", "-", "53s connect /e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"becomes('visible')", "online()"})
    void checks_the_connection_at_once_when_the_page_wakes(String waking) {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                sleeps(50);
                becomes('hidden');
                WAKING;
                log.push('in time');
                sleeps(0.001);
                becomes('hidden');
                log.push('hidden');
                WAKING;
                passes(3);
                """.replace("WAKING", waking)))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "in time",
                        "hidden",
                        "status connecting",
                        "53.001s connect /e?lastEventId=a=x-1");
    }

    @Test
    void a_waking_page_shortens_the_wait_to_the_first_delay() {
        assertThat(scene("""
                open('/e');
                for (const seconds of [3, 6, 12]) { breaks({givesUp: true}); passes(seconds); }
                luck(1);
                breaks({givesUp: true});
                online();
                passes(4);
                online();
                passes(1);
                """)).endsWith("21s connect /e", "26s connect /e");
    }

    @Test
    void a_reset_without_positions_removes_all_positions() {
        assertThat(scene("""
                open('/e', {lastEventId: 'a=x-9'});
                says('stream-reset', '{"channels":["a"]}', '');
                breaks({givesUp: true});
                passes(3);
                """)).containsExactly("0s connect /e?lastEventId=a=x-9", "reset a", "3s connect /e");
    }

    @Test
    void failures_after_a_healthy_stream_slow_it_down_again() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1', 60);
                passes(100);
                says('keep-alive', '');
                for (const seconds of [3, 6, 12]) { breaks({givesUp: true}); passes(seconds); }
                """))
                .filteredOn(line -> line.contains("connect /"))
                .containsExactly(
                        "0s connect /e",
                        "103s connect /e?lastEventId=a=x-1",
                        "109s connect /e?lastEventId=a=x-1",
                        "121s connect /e?lastEventId=a=x-1");
    }

    @Test
    void stays_closed_when_the_page_wakes_after_it_was_closed_between_two_connections() {
        assertThat(scene("""
                const stream = open('/e');
                for (const seconds of [3, 6, 12]) { breaks({givesUp: true}); passes(seconds); }
                breaks({givesUp: true});
                stream.close();
                online();
                becomes('visible');
                log.push(timers.size);
                """)).endsWith("status closed", "0");
    }

    @Test
    void stays_closed_when_it_was_closed_because_the_connection_broke() {
        assertThat(scene("""
                const stream = open('/e');
                opens('a=x-1');
                stream.on('status', () => stream.close());
                breaks({givesUp: false});
                log.push(timers.size);
                """)).endsWith("status closed", "0");
    }

    @Test
    void ends_permanently_when_all_channels_are_finished() {
        assertThat(scene("""
                const stream = open('/e').on('stream-end', channels => log.push(`stream-end ${channels}`));
                opens('a=x-1,b=y-1');
                says('message', '1', 'a=x-2,b=y-1');
                says('stream-end', '{"channels":["a","b"]}', 'a=x-3,b=y-2');
                passes(1000);
                online();
                becomes('visible');
                log.push(timers.size);
                """))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "message 1 a=x-2,b=y-1",
                        "stream-end a,b",
                        "status closed",
                        "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forbidden", "bad-request"})
    void ends_permanently_when_a_retry_is_useless(String condition) {
        assertThat(scene("""
                open('/e');
                says('stream-error', '{"condition":"CONDITION","text":"no","channels":["a","b"]}', 'error');
                passes(1000);
                online();
                becomes('visible');
                log.push(timers.size);
                """.replace("CONDITION", condition)))
                .containsExactly("0s connect /e", "status closed", "error " + condition + " no a,b", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"busy", "too-many-streams"})
    void waits_long_while_it_is_refused_and_keeps_its_position(String condition) {
        assertThat(scene("""
            const stream = open('/e', {lastEventId: 'a=x-1'});
            says('stream-error', '{"condition":"CONDITION","text":"full","channels":[]}');
            log.push(stream.status);
            passes(18);
            opens('a=x-1');
            """.replace("CONDITION", condition)))
                .containsExactly(
                        "0s connect /e?lastEventId=a=x-1",
                        "status waiting",
                        "error " + condition + " full ",
                        "waiting",
                        "18s connect /e?lastEventId=a=x-1",
                        "status open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"condition\":\"internal-error\",\"text\":\"\",\"channels\":[]}", "null", "{}", "broken"})
    void recovers_from_any_other_error_and_never_sends_its_id(String data) {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                says('message', '2', 'a=x-2');
                says('stream-error', 'DATA', 'error');
                passes(3);
                """.replace("DATA", data)))
                .containsExactly(
                        "0s connect /e",
                        "status open",
                        "message 2 a=x-2",
                        "status connecting",
                        "error internal-error  ",
                        "3s connect /e?lastEventId=a=x-2");
    }

    @Test
    void an_event_of_type_error_is_not_a_failure() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                says('error', 'not for us', 'a=x-2');
                passes(10);
                """)).containsExactly("0s connect /e", "status open");
    }

    @Test
    void a_keep_alive_moves_positions_without_an_event() {
        assertThat(scene("""
                open('/e');
                opens('a=x-1');
                says('keep-alive', '', 'a=x-9');
                breaks({givesUp: true});
                passes(3);
                """)).endsWith("3s connect /e?lastEventId=a=x-9");
    }

    @Test
    void a_failing_handler_does_not_affect_the_others() {
        assertThat(scene("""
                const stream = open('/e', {}, []);
                stream.on('message', () => { throw new Error('mine'); });
                stream.on('message', data => log.push(data));
                says('message', 'one', 'a=x-1');
                says('message', 'two', 'a=x-2');
                try { passes(0); } catch (e) { log.push(e.message); }
                """)).containsExactly("0s connect /e", "one", "two", "mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "status", "error", "reset"})
    void stays_closed_when_a_handler_closes_it(String type) {
        assertThat(scene("""
                const stream = open('/e', {}, []);
                stream.on('TYPE', () => stream.close());
                says('message', '', 'a=x-1');
                says('stream-open', '{}');
                says('stream-reset', '{}', 'a=x-1');
                says('stream-error', '{}', 'error');
                log.length = 0;
                passes(1000);
                log.push(stream.status, timers.size);
                """.replace("TYPE", type))).containsExactly("closed", "0");
    }

    private static List<String> scene(String body) {
        List<?> log = (List<?>) requireNonNull(browser.executeScript(rehearsal, client, body));
        return log.stream().map(String.class::cast).toList();
    }
}
