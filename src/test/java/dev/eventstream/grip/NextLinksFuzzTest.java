package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.NextLinks.Signed;
import dev.eventstream.grip.NextLinks.Verified;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NextLinksFuzzTest {
    private static final NextLinks LINKS =
            new NextLinks(List.of("0123456789abcdef0123456789abcdef"), Duration.ofDays(1), new SettableClock());
    private static final NextLinks OTHERS =
            new NextLinks(List.of("fedcba9876543210fedcba9876543210"), Duration.ofDays(1), new SettableClock());
    private static final NextLink LINK = link("jo", "a b");

    @MethodSource("links")
    @FuzzTest
    void only_signed_links_are_valid(@NotNull String digest, @NotNull String token) {
        Verified verified = LINKS.verify(digest, token);
        if (verified instanceof Verified.Good good) {
            assertThat(good.link()).isEqualTo(LINK);
            assertThat(digest).isEqualTo(LINKS.sign(LINK).digest());
        } else {
            assertThat(((Verified.Refused) verified).reason()).matches("(it|its|none) .*");
        }
    }

    static Stream<Arguments> links() {
        Signed ours = LINKS.sign(LINK);
        Signed others = OTHERS.sign(LINK);
        return Stream.of(
                Arguments.of(ours.digest(), ours.token()),
                Arguments.of(others.digest(), others.token()),
                Arguments.of("..", "YQ.YQ"),
                Arguments.of(ours.digest(), ""));
    }

    @CsvSource({"jo, a b, k3f9x2-41", "'jo \"é\" 100%', '🐘.', 0-0", "., a, x-1"})
    @FuzzTest
    void a_link_is_read_back_as_it_was_signed(@NotNull String user, @NotNull String channel, @NotNull String position) {
        NextLink link;
        try {
            link = link(new ChannelName(user).value(), channel)
                    .then(NextLink.Step.PAGE, LastEventId.parse(new ChannelName(channel).encoded() + '=' + position));
        } catch (RuntimeException e) {
            return;
        }
        Signed signed = LINKS.sign(link);
        assertThat(signed.digest() + signed.token()).matches("[A-Za-z0-9_.-]+");
        assertThat(LINKS.verify(signed.digest(), signed.token())).isEqualTo(new Verified.Good(link));
        assertThat(OTHERS.verify(signed.digest(), signed.token())).isInstanceOf(Verified.Refused.class);
    }

    private static NextLink link(String user, String channel) {
        return NextLink.recover(user, List.of(new ChannelName(channel)), List.of());
    }
}
