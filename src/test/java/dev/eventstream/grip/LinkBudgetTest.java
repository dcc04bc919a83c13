package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.limit.Limit;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkBudgetTest {
    private final SettableTicker ticker = new SettableTicker();
    private final LinkBudget budget =
            new LinkBudget(Duration.ofSeconds(20), Duration.ofSeconds(60), new LinkBudget.Shares(2, 3, 5), ticker);

    @Test
    void the_timeout_grows_with_the_distinct_links_between_its_bounds() {
        assertThat(timeoutAfter(0, 1)).isEqualTo(Duration.ofSeconds(20));
        assertThat(timeoutAfter(1, 100)).isEqualTo(Duration.ofSeconds(20));
        assertThat(timeoutAfter(100, 200)).isEqualTo(Duration.ofSeconds(40));
        assertThat(budget.fits()).isTrue();
        assertThat(timeoutAfter(200, 400)).isEqualTo(Duration.ofSeconds(60));
        assertThat(budget.fits()).isFalse();
        assertThat(budget.report()).contains("400 distinct next links", "allows 300 of them");
    }

    @Test
    void a_link_that_many_streams_share_counts_once() {
        for (int i = 0; i < 10_000; i++) {
            budget.timeoutOf(link("same"), LinkOwner.of("user " + i));
        }
        assertThat(budget.links()).isEqualTo(1);
    }

    @Test
    void links_that_are_no_longer_in_use_do_not_count() {
        timeoutAfter(0, 400);
        assertThat(budget.fits()).isFalse();
        ticker.advance(Duration.ofSeconds(121));
        assertThat(budget.links()).isZero();
        assertThat(budget.fits()).isTrue();
    }

    private Duration timeoutAfter(int from, int to) {
        Duration timeout = Duration.ZERO;
        for (int i = from; i < to; i++) {
            timeout = budget.timeoutOf(link("link " + i), LinkOwner.of(null));
        }
        return timeout;
    }

    private static CountedLink link(String digest) {
        return new CountedLink(digest, digest);
    }

    private static NextLinks.Signed page(int number) {
        return new NextLinks.Signed("page " + number, "token");
    }

    private void assertRefused(String digest, LinkOwner owner, Limit limit) {
        assertThatThrownBy(() -> budget.claim(link(digest), owner))
                .isInstanceOfSatisfying(
                        LimitReachedException.class,
                        reached -> assertThat(reached.limit()).isEqualTo(limit));
    }

    @Test
    void each_owner_has_a_share_and_streams_that_share_a_link_cost_nothing() {
        LinkOwner ann = LinkOwner.of("ann");
        budget.claim(link("a"), ann);
        budget.claim(link("b"), ann);
        assertRefused("c", ann, Limit.STREAMS_PER_PRINCIPAL);
        budget.claim(link("b"), ann);
        budget.claim(link("c"), LinkOwner.of("bob"));
        budget.claim(link("c"), ann);

        assertThat(budget.links()).isEqualTo(3);
    }

    @Test
    void the_ends_of_streams_multiply_what_is_fetched_but_not_what_a_reader_has() {
        LinkOwner address = LinkOwner.address("203.0.113.1");
        for (int i = 0; i < 4; i++) {
            budget.claim(new CountedLink("set, end " + i, "set"), address);
        }
        assertThat(budget.links()).isEqualTo(4);
        budget.claim(link("other"), address);

        assertRefused("one more", LinkOwner.of(null), Limit.ANONYMOUS_LINKS);
        budget.claim(new CountedLink("set, end 5", "set"), address);
        budget.claim(new CountedLink("set, end 6", "set"), address);
        assertThatThrownBy(() -> budget.claim(new CountedLink("set, end 7", "set"), address))
                .isInstanceOf(LimitReachedException.class);
        assertThat(budget.sets()).isEqualTo(2);
    }

    @Test
    void one_address_leaves_room_for_others_and_all_anonymous_readers_leave_room_for_users() {
        LinkOwner flood = LinkOwner.address("203.0.113.1");
        for (int i = 0; i < 3; i++) {
            budget.claim(link("flood " + i), flood);
        }
        assertRefused("flood 3", flood, Limit.CHANNEL_SETS_PER_ADDRESS);
        budget.claim(link("other 0"), LinkOwner.address("203.0.113.2"));
        budget.claim(link("other 1"), LinkOwner.of(null));
        assertRefused("other 2", LinkOwner.of(null), Limit.ANONYMOUS_LINKS);
        assertRefused("other 2", LinkOwner.address("203.0.113.3"), Limit.ANONYMOUS_LINKS);
        budget.claim(link("ann"), LinkOwner.of("ann"));

        assertThat(budget.fits()).isTrue();
    }

    @Test
    void a_share_is_free_again_once_its_links_are_not_used_any_longer() {
        LinkOwner address = LinkOwner.address("203.0.113.1");
        for (int i = 0; i < 3; i++) {
            budget.claim(link("link " + i), address);
        }
        ticker.advance(Duration.ofSeconds(100));
        budget.timeoutOf(link("link 0"), LinkOwner.of(null));
        ticker.advance(Duration.ofSeconds(21));

        assertThat(budget.links()).isEqualTo(1);
        budget.claim(link("link 3"), address);
        budget.claim(link("link 4"), address);
        assertRefused("link 5", address, Limit.CHANNEL_SETS_PER_ADDRESS);
    }

    @Test
    void an_open_stream_keeps_its_link_whatever_its_reader_has() {
        for (int i = 0; i < 10; i++) {
            budget.timeoutOf(link("link " + i), LinkOwner.of("ann"));
        }
        assertThat(budget.links()).isEqualTo(10);
        assertRefused("link 10", LinkOwner.of("ann"), Limit.STREAMS_PER_PRINCIPAL);
    }

    @Test
    void pages_have_a_share_of_their_own_and_do_not_lengthen_timeouts() {
        LinkOwner address = LinkOwner.address("203.0.113.1");
        for (int i = 0; i < 3; i++) {
            budget.claimPage(page(i), address);
        }
        assertThatThrownBy(() -> budget.claimPage(page(3), address)).isInstanceOf(LimitReachedException.class);
        assertThat(budget.links()).isZero();
        ticker.advance(Duration.ofSeconds(121));
        budget.claimPage(page(3), address);
    }
}
