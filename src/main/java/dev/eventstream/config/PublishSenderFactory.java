package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.http.PublishToken;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program that may send; an entry of {@code eventStream.publish.senders}. Shows no token in its errors.
 *
 * <ul>
 *   <li>{@code name}: for metrics and logs; required.
 *   <li>{@code token}: its bearer token; set either this or {@code sha256}.
 *   <li>{@code sha256}: the SHA-256 of its bearer token, in hexadecimal digits, so that the file does not contain the token.
 *   <li>{@code channels}: patterns of the channels to which it may send; default all.
 * </ul>
 */
public final class PublishSenderFactory {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    @NotNull
    @JsonProperty
    private String name = "";

    @JsonProperty
    private @Nullable String token;

    @JsonProperty
    private @Nullable String sha256;

    @NotEmpty
    @JsonProperty
    private List<@NotNull String> channels = List.of("*");

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public @Nullable String getToken() {
        return token;
    }

    public void setToken(@Nullable String token) {
        this.token = token;
    }

    public @Nullable String getSha256() {
        return sha256;
    }

    public void setSha256(@Nullable String sha256) {
        this.sha256 = sha256;
    }

    public List<String> getChannels() {
        return channels;
    }

    public void setChannels(List<String> channels) {
        this.channels = channels;
    }

    @ValidationMethod(
            message = "eventStream.publish.senders has an entry without a usable name; allowed are 1 to 100 letters,"
                    + " digits and -_.")
    public boolean isNameUsable() {
        return name == null || NAME.matcher(name).matches();
    }

    @ValidationMethod(
            message = "eventStream.publish.senders has an entry with both token and sha256, or neither; set one")
    public boolean isOneKindOfToken() {
        return (token == null) != (sha256 == null);
    }

    @ValidationMethod(
            message =
                    "eventStream.publish.senders has a token that is not allowed; allowed are 16 characters or more of"
                            + " letters, digits and -._~+/, with = at the end only")
    public boolean isTokenUsable() {
        return token == null || Secrets.isBearerToken(token);
    }

    @ValidationMethod(
            message = "eventStream.publish.senders has a sha256 that is not allowed; allowed are 64 hexadecimal digits,"
                    + " as sha256sum prints them for the token without a line end")
    public boolean isHash() {
        return sha256 == null || SHA256.matcher(sha256).matches();
    }

    /** The SHA-256 of the token. */
    byte[] digest() {
        return token != null ? PublishToken.digest(token) : HexFormat.of().parseHex(sha256 == null ? "" : sha256);
    }

    /**
     * Makes the patterns.
     *
     * @throws IllegalArgumentException if one is not allowed; the message begins with the key
     */
    List<ChannelPattern> buildChannels(int index) {
        return Entries.build("publish.senders[" + index + "].channels", channels, ChannelPattern::new);
    }
}
