package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProxiedReadersTest {
    private static final ChannelName ROOM = new ChannelName("room");
    private static final Attendee ANN = new Attendee(ROOM, "ann");
    private static final Attendee NOBODY = new Attendee(ROOM, null);

    private final SettableTicker ticker = new SettableTicker();
    private final PresentReaders readers = new PresentReaders(false);
    private final ProxiedReaders proxy = new ProxiedReaders("p", readers, ticker);

    private int streams() {
        return readers.of(ROOM, true).streams();
    }

    /** The proxy is alive for a while. */
    private void pass(Duration time) {
        for (long left = time.toSeconds(); left > 0; left -= 5) {
            ticker.advance(Duration.ofSeconds(5));
            proxy.heard("handler-1");
            proxy.forgetSilent();
        }
    }

    @Test
    void a_count_replaces_the_one_before() {
        proxy.counted("handler-1", ANN, 2);
        proxy.counted("handler-1", NOBODY, 5);
        proxy.counted("handler-1", ANN, 1);
        assertThat(streams()).isEqualTo(6);
        proxy.counted("handler-1", NOBODY, 0);
        assertThat(streams()).isEqualTo(1);
    }

    @Test
    void a_count_that_is_not_repeated_expires() {
        proxy.counted("handler-1", ANN, 2);
        pass(Duration.ofSeconds(45));
        proxy.counted("handler-1", ANN, 2);
        pass(Duration.ofSeconds(60));
        assertThat(streams()).isEqualTo(2);
        pass(Duration.ofSeconds(5));
        assertThat(streams()).isZero();
    }

    @Test
    void the_readers_of_a_silent_proxy_disappear_within_half_a_minute() {
        proxy.counted("handler-1", ANN, 2);
        ticker.advance(ProxiedReaders.SILENCE);
        proxy.forgetSilent();
        assertThat(streams()).isEqualTo(2);
        ticker.advance(Duration.ofMillis(1));
        proxy.forgetSilent();
        assertThat(streams()).isZero();
        assertThat(ProxiedReaders.SILENCE).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void a_restarted_proxy_has_none_of_its_earlier_streams() {
        proxy.counted("handler-1", ANN, 2);
        proxy.heard("handler-2");
        assertThat(streams()).isZero();
    }

    @Test
    void all_readers_are_known_after_a_minute_of_connection() {
        proxy.connected(true);
        ticker.advance(Duration.ofSeconds(59));
        proxy.connected(true);
        assertThat(proxy.isComplete()).isFalse();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(proxy.isComplete()).isTrue();
        proxy.connected(false);
        assertThat(proxy.isComplete()).isFalse();
        proxy.connected(true);
        assertThat(proxy.isComplete()).isFalse();
    }
}
