package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.ChannelAuthorizer;
import org.junit.jupiter.api.Test;

class PermissionChecksTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final Subscription stream =
            TestEvents.subscription(TestNode.user("ann"), at(1), new MemoryBudget(1 << 20), A);

    private void check(ChannelAuthorizer authorizer) {
        new PermissionChecks(authorizer, executor).check(stream, A);
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
        new PermissionChecks((reader, channel) -> false, executor).check(stream, A);

        assertThat(sink(stream).closed()).isNull();
        assertThat(executor.waiting()).isEqualTo(1);
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
