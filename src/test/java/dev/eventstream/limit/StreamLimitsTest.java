package dev.eventstream.limit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StreamLimitsTest {
    private static final ClientAddress ONE = new ClientAddress("203.0.113.1");
    private static final ClientAddress OTHER = new ClientAddress("203.0.113.2");

    private final SettableTicker ticker = new SettableTicker();
    private final AtomicInteger links = new AtomicInteger();
    private final MetricRegistry registry = new MetricRegistry();
    private final StreamLimits limits = with(10, 2, 4, 2, 1_000, 100);

    private StreamLimits with(
            int streams, int perPrincipal, int perAddress, int setsPerAddress, int perSecond, int perSecondPerAddress) {
        return new StreamLimits(
                new StreamLimits.Settings(
                        streams, perPrincipal, perAddress, setsPerAddress, perSecond, perSecondPerAddress, 5),
                links::get,
                ticker,
                registry);
    }

    private static void assertRefused(ThrowingCallable request, Limit limit) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        LimitReachedException.class,
                        reached -> assertThat(reached.limit()).isEqualTo(limit));
    }

    private static List<ChannelName> channels(String... names) {
        return List.of(names).stream().map(ChannelName::new).toList();
    }

    private static Reader user(String name) {
        return Reader.of(() -> name);
    }

    @Test
    void an_address_has_so_many_streams_and_others_are_unaffected() {
        List<Occupancy> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(limits.admitDirect(ONE));
        }
        assertRefused(() -> limits.admitDirect(ONE), Limit.STREAMS_PER_ADDRESS);
        open.add(limits.admitDirect(OTHER));
        assertThat(limits.open()).isEqualTo(5);

        open.get(0).release();
        open.get(0).release();
        open.add(limits.admitDirect(ONE));
        assertRefused(() -> limits.admitDirect(ONE), Limit.STREAMS_PER_ADDRESS);

        open.forEach(Occupancy::release);
        assertThat(limits.open()).isZero();
        assertThat(requireNonNull(registry.getGauges().get("eventstream.streams.addresses"))
                        .getValue())
                .isEqualTo(0);
    }

    @Test
    void unknown_addresses_are_limited_only_by_the_node() {
        for (int i = 0; i < 10; i++) {
            limits.admitDirect(ClientAddress.UNKNOWN);
        }
        assertRefused(() -> limits.admitDirect(ClientAddress.UNKNOWN), Limit.STREAMS);
    }

    @Test
    void the_links_of_proxied_streams_count_for_the_node() {
        links.set(9);
        Occupancy last = limits.admitDirect(ONE);

        assertRefused(() -> limits.admitDirect(ONE), Limit.STREAMS);
        assertRefused(limits::checkRoomForLink, Limit.STREAMS);
        last.release();
        limits.checkRoomForLink();
    }

    @Test
    void a_principal_has_so_many_streams_from_all_addresses() {
        Occupancy first = limits.admitDirect(ONE);
        limits.admitReader(first, user("ann"), channels("a"));
        limits.admitReader(limits.admitDirect(OTHER), user("ann"), channels("b"));
        Occupancy third = limits.admitDirect(OTHER);

        assertRefused(() -> limits.admitReader(third, user("ann"), channels("a")), Limit.STREAMS_PER_PRINCIPAL);
        limits.admitReader(third, user("bob"), channels("a"));
        first.release();
        limits.admitReader(limits.admitDirect(ONE), user("ann"), channels("a"));
    }

    @Test
    void anonymous_readers_at_an_address_have_so_many_sets_of_channels() {
        Occupancy first = limits.admitDirect(ONE);
        limits.admitReader(first, Reader.anonymous(), channels("a"));
        limits.admitReader(limits.admitDirect(ONE), Reader.anonymous(), channels("a", "b"));
        Occupancy third = limits.admitDirect(ONE);

        assertRefused(
                () -> limits.admitReader(third, Reader.anonymous(), channels("b")), Limit.CHANNEL_SETS_PER_ADDRESS);
        limits.admitReader(third, Reader.anonymous(), channels("a"));
        limits.admitReader(limits.admitDirect(OTHER), Reader.anonymous(), channels("b"));
        limits.admitReader(limits.admitDirect(ONE), user("ann"), channels("b"));

        // two streams have the first set
        first.release();
        Occupancy fourth = limits.admitDirect(ONE);
        assertRefused(
                () -> limits.admitReader(fourth, Reader.anonymous(), channels("b")), Limit.CHANNEL_SETS_PER_ADDRESS);
        third.release();
        limits.admitReader(fourth, Reader.anonymous(), channels("b"));
    }

    @Test
    void the_same_channels_with_other_types_of_events_are_another_set() {
        limits.admitReader(limits.admitDirect(ONE), Reader.anonymous(), channels("a"));
        limits.admitReader(limits.admitDirect(ONE), Reader.anonymous(), List.of(channels("a"), "ordered"));
        Occupancy third = limits.admitDirect(ONE);

        assertRefused(
                () -> limits.admitReader(third, Reader.anonymous(), List.of(channels("a"), "shipped")),
                Limit.CHANNEL_SETS_PER_ADDRESS);
        limits.admitReader(third, Reader.anonymous(), List.of(channels("a"), "ordered"));
    }

    @Test
    void a_flood_from_one_address_uses_its_own_allowance_and_not_that_of_others() {
        StreamLimits slow = with(1_000, 10, 1_000, 10, 20, 1);
        int admitted = 0;
        for (int i = 0; i < 10_000; i++) {
            admitted += isAdmitted(slow, ONE) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(10);
        assertThat(isAdmitted(slow, OTHER)).isTrue();
        assertRefused(() -> slow.admitProxied(ONE), Limit.NEW_STREAMS_PER_ADDRESS);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(isAdmitted(slow, ONE)).isTrue();
        assertThat(isAdmitted(slow, ONE)).isFalse();
    }

    private static boolean isAdmitted(StreamLimits limits, ClientAddress address) {
        try {
            limits.admitDirect(address).release();
            return true;
        } catch (LimitReachedException e) {
            return false;
        }
    }

    @Test
    void a_flood_from_many_addresses_is_limited_by_the_node_and_leaves_nothing_behind() {
        StreamLimits small = with(1_000, 10, 1_000, 10, 10, 1);
        int admitted = 0;
        for (int i = 0; i < 300_000; i++) {
            admitted += isAdmitted(small, new ClientAddress("2001:db8:" + Integer.toHexString(i) + "::/64")) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(100);
        assertRefused(() -> small.admitDirect(ClientAddress.UNKNOWN), Limit.NEW_STREAMS);
        assertThat(small.open()).isZero();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(isAdmitted(small, ClientAddress.UNKNOWN)).isTrue();
    }

    @Test
    void feeds_are_limited() {
        limits.checkFeeds(5);
        assertRefused(() -> limits.checkFeeds(6), Limit.FEEDS);
    }

    @Test
    void what_an_ended_exchange_occupies_afterwards_is_given_back_at_once() {
        Occupancy ended = limits.admitDirect(ONE);
        ended.release();
        for (int i = 0; i < 10; i++) {
            limits.admitReader(ended, user("ann"), channels("a"));
        }
    }

    @Test
    void counts_are_exact_however_many_threads_open_and_close() throws Exception {
        StreamLimits wide = with(8, 4, 5, 2, 1_000_000, 1_000_000);
        AtomicInteger tooMany = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int t = 0; t < 8; t++) {
            int number = t;
            threads.execute(() -> openAndClose(wide, number, tooMany));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(tooMany.get()).isZero();
        assertThat(wide.open()).isZero();
        for (int i = 0; i < 5; i++) {
            wide.admitReader(wide.admitDirect(ONE), Reader.anonymous(), channels("a"));
        }
        assertRefused(() -> wide.admitDirect(ONE), Limit.STREAMS_PER_ADDRESS);
    }

    private static void openAndClose(StreamLimits limits, int number, AtomicInteger tooMany) {
        for (int i = 0; i < 5_000; i++) {
            try {
                Occupancy occupancy = limits.admitDirect(number % 2 == 0 ? ONE : OTHER);
                if (limits.open() > 16) { // 8, and each thread's attempt
                    tooMany.incrementAndGet();
                }
                try {
                    limits.admitReader(
                            occupancy, number % 3 == 0 ? user("ann") : Reader.anonymous(), channels("c" + i % 3));
                } catch (LimitReachedException e) {
                    // the counts matter, not who wins
                } finally {
                    occupancy.release();
                }
            } catch (LimitReachedException e) {
                // as above
            }
        }
    }
}
