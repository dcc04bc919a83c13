package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.Logged;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.loop.ManualExecutor;
import io.dropwizard.auth.PrincipalImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PermissionChecksTest {
    private final MemoryBudget memory = new MemoryBudget(1 << 20);
    private final ManualExecutor executor = new ManualExecutor();
    private final Subscription stream = stream(TestNode.user("ann"));

    private Subscription stream(Reader reader) {
        return TestEvents.subscription(reader, at(1), memory, A);
    }

    private PermissionChecks checks(ChannelAuthorizer authorizer) {
        return new PermissionChecks(authorizer, ReadersByName.none(), executor);
    }

    private void check(ChannelAuthorizer authorizer) {
        checks(authorizer).check(stream, A);
        executor.runAll();
    }

    @Test
    void a_stream_whose_reader_may_still_read_the_channel_goes_on_untouched() {
        check((reader, channel) -> reader.isUser("ann") && channel.equals(A));

        assertThat(sink(stream).closed()).isNull();
        assertThat(sink(stream).received()).isEmpty();
    }

    @Test
    void a_stream_whose_reader_may_not_read_the_channel_ends_with_a_reason_that_stops_the_client() {
        check((reader, channel) -> false);

        assertThat(sink(stream).closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(sink(stream).received())
                .contains("id: error\n", "event: stream-error\n", "\"forbidden\"", "\"channels\":[\"a\"]");
    }

    @Test
    void the_authorizer_is_not_asked_on_the_calling_thread() {
        checks((reader, channel) -> false).check(stream, A);

        assertThat(sink(stream).closed()).isNull();
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void a_question_about_all_anonymous_readers_is_asked_once() {
        List<Reader> asked = new ArrayList<>();
        PermissionChecks checks = checks((reader, channel) -> !asked.add(reader));
        Subscription one = stream(Reader.anonymous());
        Subscription other = stream(Reader.anonymous());
        checks.check(one, A);
        checks.check(other, A);
        executor.runAll();

        assertThat(asked).containsExactly(Reader.anonymous());
        assertThat(sink(one).closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(sink(other).closed()).isEqualTo(CloseReason.FORBIDDEN);
    }

    @Test
    void without_principals_by_name_each_stream_is_asked_about_with_its_own_principal() {
        List<Reader> asked = new ArrayList<>();
        PermissionChecks checks = checks((reader, channel) -> asked.add(reader));
        Subscription other = stream(TestNode.user("ann"));
        checks.check(stream, A);
        checks.check(other, A);
        executor.runAll();

        assertThat(asked).containsExactly(stream.reader(), other.reader());
    }

    @Test
    void the_authorizer_sees_the_principal_that_the_user_has_now_once_for_all_streams() {
        PrincipalImpl current = new PrincipalImpl("ann");
        List<Reader> asked = new ArrayList<>();
        PermissionChecks checks = new PermissionChecks(
                (reader, channel) -> asked.add(reader), new ReadersByName(name -> Optional.of(current)), executor);
        checks.check(stream, A);
        checks.check(stream(TestNode.user("ann")), A);
        executor.runAll();

        assertThat(asked)
                .singleElement()
                .satisfies(reader -> assertThat(reader.principal()).containsSame(current));
        assertThat(sink(stream).closed()).isNull();
    }

    @Test
    void the_stream_of_a_user_who_no_longer_exists_ends_as_forbidden() {
        PermissionChecks checks =
                new PermissionChecks((reader, channel) -> true, new ReadersByName(name -> Optional.empty()), executor);
        checks.check(stream, A);
        executor.runAll();

        assertThat(sink(stream).closed()).isEqualTo(CloseReason.FORBIDDEN);
    }

    @Test
    void a_failure_ends_the_stream_so_that_its_client_comes_back_and_is_logged_once_until_there_is_an_answer() {
        boolean[] fails = {true};
        PermissionChecks checks = checks((reader, channel) -> {
            if (fails[0]) {
                throw new IllegalStateException("no database");
            }
            return true;
        });
        try (Logged log = new Logged()) {
            checks.check(stream, A);
            checks.check(stream(TestNode.user("bob")), A);
            executor.runAll();
            fails[0] = false;
            checks.check(stream(TestNode.user("eve")), A);
            executor.runAll();

            assertThat(log.lines())
                    .filteredOn(line -> !line.startsWith("DEBUG"))
                    .hasSize(2);
        }
        assertThat(sink(stream).closed()).isEqualTo(CloseReason.FAILED);
        assertThat(sink(stream).received()).contains("\"internal-error\"").doesNotContain("id:");
    }

    @Test
    void a_disconnected_users_streams_end_without_a_question_and_with_the_reason() {
        PermissionChecks checks = checks((reader, channel) -> {
            throw new IllegalStateException("must not be asked");
        });
        checks.disconnect(List.of(stream), new AccessChange.Disconnected("ann", "signed out"));
        checks.disconnect(List.of(), new AccessChange.Disconnected("bob", "signed out"));
        assertThat(executor.waiting()).isEqualTo(1);
        executor.runAll();

        assertThat(sink(stream).closed()).isEqualTo(CloseReason.DISCONNECTED);
        assertThat(sink(stream).received()).isEqualTo("""
                id: error
                event: stream-error
                data: {"condition":"disconnected","text":"signed out","channels":[]}

                """);
    }

    @Test
    void without_memory_for_the_check_the_stream_ends_because_its_permission_is_in_doubt() {
        executor.failOnce(new OutOfMemoryError("test"));

        assertThatThrownBy(() -> check((reader, channel) -> true)).isInstanceOf(OutOfMemoryError.class);
        assertThat(sink(stream).closed()).isEqualTo(CloseReason.FAILED);
    }

    @Test
    void a_node_that_shuts_down_checks_no_permission() {
        executor.shutDown();
        check((reader, channel) -> false);

        assertThat(sink(stream).closed()).isNull();
    }
}
