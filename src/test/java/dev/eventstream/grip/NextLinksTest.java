package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.testing.SettableClock;
import dev.eventstream.stream.TypeFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextLinksTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_SECRET = "fedcba9876543210fedcba9876543210";
    private static final Duration DAY = Duration.ofDays(1);

    private final SettableClock clock = new SettableClock();
    private final NextLinks links = new NextLinks(List.of(SECRET), DAY, clock);

    @Test
    void a_link_is_read_back_as_it_was_signed() {
        NextLink page = link("jo \"é\" 100%", "a b", "\uD83D\uDC18")
                .then(NextLink.Step.PAGE, LastEventId.parse("a%20b=k3f9x2-41,%F0%9F%90%98=0-0"));
        assertThat(verified(links.sign(page))).isEqualTo(new NextLinks.Verified.Good(page));
        NextLink recover = NextLink.recover(null, names("c"), names("time"));
        assertThat(verified(links.sign(recover))).isEqualTo(new NextLinks.Verified.Good(recover));
        NextLink some = recover.showing(types("b", "ä \"*"));
        assertThat(verified(links.sign(some))).isEqualTo(new NextLinks.Verified.Good(some));
    }

    @Test
    void a_link_needs_no_encoding_in_an_address() {
        NextLinks.Signed signed = links.sign(link("jo", "a b", "\uD83D\uDC18"));
        assertThat(signed.digest()).matches("[A-Za-z0-9_-]{24}");
        assertThat(signed.token()).matches("[A-Za-z0-9_.-]+");
    }

    @Test
    void readers_that_may_get_the_same_answer_have_the_same_link() {
        NextLinks.Signed first = links.sign(NextLink.recover(null, names("b", "a"), names()));
        clock.advance(Duration.ofHours(3));
        NextLinks.Signed second = links.sign(NextLink.recover(null, names("a", "b", "a"), names()));
        assertThat(second).isEqualTo(first);
    }

    @Test
    void different_answers_have_different_paths() {
        NextLink link = link("jo", "a", "b");
        LastEventId position = LastEventId.parse("a=k3f9x2-1,b=k3f9x2-1");
        assertThat(List.of(
                        digest(link),
                        digest(link("al", "a", "b")),
                        digest(link(null, "a", "b")),
                        digest(link("", "a", "b")),
                        digest(link("jo", "a")),
                        digest(link("jo", "a,b")),
                        digest(NextLink.recover("jo", names("a"), names("b"))),
                        digest(link.showing(types("b"))),
                        digest(link.showing(types("b", "c"))),
                        digest(link.then(NextLink.Step.PAGE, position)),
                        digest(link.then(NextLink.Step.PAGE, LastEventId.parse("a=k3f9x2-2,b=k3f9x2-1"))),
                        digest(link.then(NextLink.Step.HOLD, position))))
                .doesNotHaveDuplicates();
    }

    @Test
    void the_path_does_not_depend_on_the_expiry() {
        NextLinks.Signed today = links.sign(link("jo", "a"));
        clock.advance(DAY);
        NextLinks.Signed tomorrow = links.sign(link("jo", "a"));
        assertThat(tomorrow.digest()).isEqualTo(today.digest());
        assertThat(tomorrow.token()).isNotEqualTo(today.token());
    }

    @Test
    void a_link_is_valid_for_its_lifetime_and_at_most_twice_as_long() {
        clock.advance(Duration.ofHours(23));
        NextLinks.Signed signed = links.sign(link("jo", "a"));
        clock.advance(DAY);
        assertThat(verified(signed)).isInstanceOf(NextLinks.Verified.Good.class);
        clock.advance(DAY);
        assertThat(verified(signed)).isEqualTo(new NextLinks.Verified.Refused("it has expired"));
    }

    @Test
    void a_link_to_the_next_page_is_valid_for_two_minutes_at_most() {
        NextLinks.Signed signed = links.sign(link("jo", "a").then(NextLink.Step.PAGE, LastEventId.parse("a=e-1")));
        clock.advance(Duration.ofSeconds(59));
        assertThat(verified(signed)).isInstanceOf(NextLinks.Verified.Good.class);
        clock.advance(Duration.ofSeconds(62));
        assertThat(verified(signed)).isEqualTo(new NextLinks.Verified.Refused("it has expired"));
    }

    @Test
    void a_link_that_opens_a_stream_without_a_position_is_valid_for_two_hours_at_most() {
        NextLinks.Signed signed = links.sign(NextLink.recover("jo", names(), names("time")));
        clock.advance(Duration.ofMinutes(59));
        assertThat(verified(signed)).isInstanceOf(NextLinks.Verified.Good.class);
        clock.advance(Duration.ofMinutes(62));
        assertThat(verified(signed)).isEqualTo(new NextLinks.Verified.Refused("it has expired"));
    }

    @Test
    void a_link_tells_when_its_stream_ends_and_streams_that_end_at_different_times_have_different_paths() {
        NextLink link = NextLink.recover("jo", names("a"), names()).until(Instant.ofEpochSecond(1_900_000_000));
        NextLinks.Signed signed = links.sign(link);
        assertThat(verified(signed)).isEqualTo(new NextLinks.Verified.Good(link));
        assertThat(links.sign(link.until(Instant.ofEpochSecond(1_900_000_001))).digest())
                .isNotEqualTo(signed.digest());
        assertThat(links.sign(link.until(NextLink.NEVER)).digest())
                .isEqualTo(digest(NextLink.recover("jo", names("a"), names())));
        assertThat(link.until(Instant.MAX).until()).isEqualTo(NextLink.NEVER);
        assertThat(link.then(NextLink.Step.PAGE, LastEventId.EMPTY).until()).isEqualTo(link.until());
    }

    @Test
    void every_node_with_the_secret_recognises_a_check_token_and_no_other() {
        String token = links.newCheckToken();
        assertThat(token).matches("[a-f0-9]{32}").isNotEqualTo(links.newCheckToken());
        assertThat(links.isCheckToken(token)).isTrue();
        assertThat(new NextLinks(List.of(OTHER_SECRET, SECRET), DAY, clock).isCheckToken(token))
                .isTrue();
        assertThat(new NextLinks(List.of(OTHER_SECRET), DAY, clock).isCheckToken(token))
                .isFalse();
        for (String wrong : List.of(
                "",
                "members",
                token + "0",
                token.substring(1),
                "0123456789abcdef0123456789abcdef",
                token.substring(16) + token.substring(0, 16),
                token.substring(0, 31) + (token.endsWith("0") ? "1" : "0"))) {
            assertThat(links.isCheckToken(wrong)).as(wrong).isFalse();
        }
    }

    @Test
    void a_secret_that_no_longer_signs_still_verifies() {
        NextLinks.Signed old = links.sign(link("jo", "a"));
        assertThat(new NextLinks(List.of(OTHER_SECRET, SECRET), DAY, clock).verify(old.digest(), old.token()))
                .isInstanceOf(NextLinks.Verified.Good.class);
        assertThat(new NextLinks(List.of(OTHER_SECRET), DAY, clock).verify(old.digest(), old.token()))
                .isEqualTo(new NextLinks.Verified.Refused("none of eventStream.grip.linkSecrets has signed it"));
    }

    @Test
    void a_token_under_the_path_of_another_link_is_refused() {
        NextLinks.Signed mine = links.sign(link("jo", "a"));
        NextLinks.Signed theirs = links.sign(link("al", "a"));
        assertThat(links.verify(theirs.digest(), mine.token()))
                .isEqualTo(new NextLinks.Verified.Refused("its path belongs to another link"));
    }

    @Test
    void a_link_with_another_reader_and_the_old_signature_is_refused() {
        NextLinks.Signed mine = links.sign(link("jo", "a"));
        String payload = new String(
                Base64.getUrlDecoder()
                        .decode(mine.token().substring(0, mine.token().indexOf('.'))),
                StandardCharsets.UTF_8);
        String altered = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(payload.replace("\"jo\"", "\"al\"").getBytes(StandardCharsets.UTF_8));
        assertThat(altered).isNotEqualTo(mine.token().substring(0, mine.token().indexOf('.')));
        assertThat(links.verify(
                        mine.digest(),
                        altered + mine.token().substring(mine.token().indexOf('.'))))
                .isInstanceOf(NextLinks.Verified.Refused.class);
    }

    @Test
    void a_link_with_one_changed_character_is_refused() {
        NextLinks.Signed signed = links.sign(link("jo", "a b", "c"));
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder token = new StringBuilder(signed.token());
            StringBuilder digest = new StringBuilder(signed.digest());
            StringBuilder changed = i % 4 == 0 ? digest : token;
            int at = random.nextInt(changed.length());
            char other = (char) (0x20 + random.nextInt(0x60));
            // the last character of a Base64 text may contain unused bits
            if (changed.charAt(at) == other || at == changed.length() - 1 || changed.charAt(at + 1) == '.') {
                continue;
            }
            changed.setCharAt(at, other);
            assertThat(links.verify(digest.toString(), token.toString()))
                    .as("digest %s token %s", digest, token)
                    .isInstanceOf(NextLinks.Verified.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a", "a.b", "a.b.c", "é.é", "YQ.YQ", "=.=", "%00", " . ", "YQ.YQ\n", "\uD83D.a"})
    void a_malformed_token_is_refused(String token) {
        String digest = links.sign(link("jo", "a")).digest();
        assertThat(links.verify(digest, token)).isInstanceOf(NextLinks.Verified.Refused.class);
        assertThat(links.verify(token, token)).isInstanceOf(NextLinks.Verified.Refused.class);
        assertThat(links.verify(token, links.sign(link("jo", "a")).token()))
                .isInstanceOf(NextLinks.Verified.Refused.class);
    }

    @Test
    void a_token_that_is_too_long_is_refused_before_it_is_read() {
        assertThat(links.verify("x", "a".repeat(NextLinks.MAX_LENGTH + 1)))
                .isEqualTo(new NextLinks.Verified.Refused("it has 262145 characters; allowed are 262144"));
    }

    private NextLinks.Verified verified(NextLinks.Signed signed) {
        return links.verify(signed.digest(), signed.token());
    }

    private String digest(NextLink link) {
        return links.sign(link).digest();
    }

    private static NextLink link(@Nullable String user, String... stored) {
        return NextLink.recover(user, names(stored), names());
    }

    private static List<ChannelName> names(String... names) {
        return List.of(names).stream().map(ChannelName::new).toList();
    }

    private static TypeFilter types(String... types) {
        return TypeFilter.of(Stream.of(types).map(EventType::new).toList());
    }
}
