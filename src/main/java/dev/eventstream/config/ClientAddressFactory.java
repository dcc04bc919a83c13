package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.limit.AddressBlock;
import dev.eventstream.limit.ClientAddresses;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How to find the addresses of clients behind proxies, for the limits per address; {@code eventStream.clientAddress}.
 *
 * <ul>
 *   <li>{@code trustedProxies}: addresses of the reverse proxies in front, or blocks such as {@code 10.0.0.0/8}; default none.
 *   <li>{@code header}: the header in which they state their clients' addresses; default {@code X-Forwarded-For}. {@code Forwarded}
 *       is read as RFC 7239 prescribes.
 *   <li>{@code gripProxies}: whether the GRIP proxies state them, too; default false.
 * </ul>
 */
public final class ClientAddressFactory {
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");

    @NotNull
    @JsonProperty
    private List<@NotNull String> trustedProxies = List.of();

    @NotNull
    @JsonProperty
    private String header = "X-Forwarded-For";

    @JsonProperty
    private boolean gripProxies;

    public List<String> getTrustedProxies() {
        return trustedProxies;
    }

    public void setTrustedProxies(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    public String getHeader() {
        return header;
    }

    public void setHeader(String header) {
        this.header = header;
    }

    public boolean isGripProxies() {
        return gripProxies;
    }

    public void setGripProxies(boolean gripProxies) {
        this.gripProxies = gripProxies;
    }

    @ValidationMethod(
            message = "eventStream.clientAddress.header is not the name of a header; allowed are names such as"
                    + " X-Forwarded-For, of letters, digits and -")
    public boolean isHeaderName() {
        return header == null || HEADER.matcher(header).matches();
    }

    /**
     * Makes the finder of client addresses.
     *
     * @throws IllegalArgumentException if an entry of {@code trustedProxies} is not allowed
     */
    public ClientAddresses build() {
        return new ClientAddresses(
                Entries.build("clientAddress.trustedProxies", trustedProxies, AddressBlock::new), header, gripProxies);
    }
}
