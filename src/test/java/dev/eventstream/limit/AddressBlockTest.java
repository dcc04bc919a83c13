package dev.eventstream.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.7, false",
    })
    void contains_the_addresses_with_its_first_bits(String block, String address, boolean contained) {
        assertThat(new AddressBlock(block).contains(InetAddresses.forString(address)))
                .isEqualTo(contained);
    }

    @Test
    void an_ipv4_address_in_ipv6_form_is_the_same_address() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 10;

        assertThat(new AddressBlock("10.0.0.0/8").contains(java.net.Inet6Address.getByAddress(null, mapped, 0)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "10.0.0.1/8",
                "10.0.0/8",
                "10/8",
                "010.0.0.0/8",
                "localhost",
                "proxy.example.com",
                "2001:db8::/129",
                "2001:db8::1/64",
                "[::1]",
                "::1%eth0",
                "10.0.0.0-10.0.0.9",
                "*",
                "10.0.0.0/99999999999"
            })
    void anything_else_is_refused_with_examples_and_without_a_lookup(String text) {
        assertThatThrownBy(() -> new AddressBlock(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }
}
