package dev.eventstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a client comes from, whatever it claims. */
class ClientAddressesTest {
    private static final InetAddress PROXY = InetAddresses.forString("10.0.0.1");
    private static final String UNKNOWN = ClientAddress.UNKNOWN.text();

    private final ClientAddresses addresses = with("X-Forwarded-For", "10.0.0.0/8", "2001:db8:ffff::/48");

    private static ClientAddresses with(String header, String... trusted) {
        return new ClientAddresses(Arrays.stream(trusted).map(AddressBlock::new).toList(), header, false);
    }

    private String through(String... stated) {
        return addresses.of(PROXY, List.of(stated), false).text();
    }

    private static String direct(ClientAddresses addresses, String peer, String... stated) {
        return addresses
                .of(InetAddresses.forString(peer), List.of(stated), false)
                .text();
    }

    @Test
    void a_trusted_proxy_states_the_address() {
        assertThat(through("203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(through("203.0.113.7:4711")).isEqualTo("203.0.113.7");
        assertThat(through("203.0.113.7, 10.1.2.3")).isEqualTo("203.0.113.7");
        assertThat(through("203.0.113.7", "10.1.2.3, 10.4.5.6")).isEqualTo("203.0.113.7");
    }

    @Test
    void nobody_else_does() {
        assertThat(direct(addresses, "198.51.100.1", "203.0.113.7")).isEqualTo("198.51.100.1");
        assertThat(direct(addresses, "192.168.0.1", "203.0.113.7")).isEqualTo("192.168.0.1");
        assertThat(direct(with("X-Forwarded-For"), "198.51.100.1", "203.0.113.7"))
                .isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.1",
                "10.9.9.9",
                "unknown",
                "",
                ",,,,",
                "for=198.51.100.1",
                "\"198.51.100.1",
                "%0d%0a",
                "198.51.100.1, 10.9.9.9, 198.51.100.2",
                "2001:db8::1",
                "\u0000\uD83D",
            })
    void what_a_client_writes_before_the_proxy_is_never_read(String forged) {
        assertThat(through(forged + ", 203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(through(forged, "203.0.113.7, 10.1.2.3")).isEqualTo("203.0.113.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "_hidden", "example.com", "1.2.3", "1.2.3.4.5", "[", "[]", "[::1", "::1%lo", "-"})
    void an_entry_that_is_not_an_address_gives_none(String entry) {
        assertThat(through(entry)).isEqualTo(UNKNOWN);
        assertThat(through("203.0.113.7, " + entry)).isEqualTo(UNKNOWN);
    }

    @Test
    void a_very_long_or_very_deep_header_is_not_followed() {
        String deep = String.join(",", Collections.nCopies(100_000, "10.0.0.1"));

        assertThat(through("203.0.113.7," + deep)).isEqualTo(UNKNOWN);
        assertThat(through("9".repeat(100_000))).isEqualTo(UNKNOWN);
        assertThat(through(deep + ",203.0.113.7")).isEqualTo("203.0.113.7");
    }

    @Test
    void a_proxy_that_states_nothing_hides_its_client() {
        assertThat(through()).isEqualTo(UNKNOWN);
        assertThat(through("10.1.2.3")).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2::9, 2001:db8:1:2::/64",
        "[2001:db8:1:2::9]:443, 2001:db8:1:2::/64",
        "[2001:db8:1:2::9], 2001:db8:1:2::/64",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::1, ::/64",
    })
    void an_ipv6_client_is_its_network(String stated, String client) {
        assertThat(through(stated)).isEqualTo(client);
    }

    @Test
    void without_a_list_of_proxies_a_private_peer_is_a_proxy_with_unknown_clients() {
        ClientAddresses none = with("X-Forwarded-For");

        assertThat(Stream.of(
                        "127.0.0.1",
                        "10.0.0.1",
                        "172.16.0.1",
                        "192.168.1.1",
                        "169.254.0.1",
                        "100.64.0.1",
                        "::1",
                        "fd00::1",
                        "fe80::1"))
                .allSatisfy(
                        peer -> assertThat(direct(none, peer, "203.0.113.7")).isEqualTo(UNKNOWN));
        assertThat(Stream.of("11.0.0.1", "172.32.0.1", "100.128.0.1", "203.0.113.7"))
                .allSatisfy(peer -> assertThat(direct(none, peer)).isEqualTo(peer));
        assertThat(direct(none, "2001:db8::1")).isEqualTo("2001:db8::/64");
    }

    @Test
    void a_grip_proxy_states_addresses_only_if_it_is_configured_to() {
        ClientAddresses trusting =
                new ClientAddresses(List.of(new AddressBlock("10.0.0.0/8")), "X-Forwarded-For", true);

        assertThat(addresses.of(PROXY, List.of("203.0.113.7"), true)).isEqualTo(ClientAddress.UNKNOWN);
        assertThat(trusting.of(null, List.of("198.51.100.1, 203.0.113.7"), true).text())
                .isEqualTo("203.0.113.7");
        assertThat(trusting.of(PROXY, List.of("203.0.113.7, 10.1.2.3"), true).text())
                .isEqualTo("203.0.113.7");
        assertThat(trusting.of(PROXY, List.of(), true)).isEqualTo(ClientAddress.UNKNOWN);
    }

    @Test
    void a_connection_without_an_address_has_no_client_address() {
        assertThat(addresses.of(null, List.of("203.0.113.7"), false)).isEqualTo(ClientAddress.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.7 | 203.0.113.7",
                "For=\"203.0.113.7:4711\";proto=https;by=10.0.0.1 | 203.0.113.7",
                "proto=https; for=\"[2001:db8:1:2::9]:4711\" | 2001:db8:1:2::/64",
                "for=198.51.100.1, for=203.0.113.7;proto=http, for=10.1.2.3 | 203.0.113.7",
                "for=\"198.51.100.1, for=203.0.113.7 | 203.0.113.7",
                "for=unknown | unknown",
                "for=_secret | unknown",
                "proto=https | unknown",
                "203.0.113.7 | unknown",
            })
    void the_standard_header_is_read_if_it_is_configured(String stated, String client) {
        assertThat(direct(with("Forwarded", "10.0.0.0/8"), "10.0.0.1", stated)).isEqualTo(client);
    }
}
