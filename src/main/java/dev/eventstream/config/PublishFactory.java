package dev.eventstream.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.http.CrossSiteCheck;
import dev.eventstream.http.PublishAccess;
import dev.eventstream.http.PublishResource;
import dev.eventstream.http.PublishToken;
import dev.eventstream.publisher.EventPublisher;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets other programs send events by {@code POST}; {@code eventStream.publish}. Left out, none can.
 *
 * <ul>
 *   <li>{@code path}: the address of the posts; default {@code /events}.
 *   <li>{@code tokens}: bearer tokens of {@value Secrets#MIN_TOKEN_LENGTH} characters or more, each of which allows a program to send
 *       to every channel; default none.
 *   <li>{@code senders}: programs that may send, each with a name, a token and channels; default none. There is at least one token
 *       or sender.
 *   <li>{@code maxBodyBytes}: longest JSON body and longest line of a body of lines; 1 kB to 64 MiB, default 4 MiB.
 * </ul>
 */
public final class PublishFactory {
    @NotNull
    @JsonProperty
    private String path = "/events";

    // accepts one token without a list; otherwise Jackson would quote it in its error
    @NotNull
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
    @JsonProperty
    private List<String> tokens = List.of();

    @Valid
    @NotNull
    @JsonProperty
    private List<@NotNull SenderFactory> senders = List.of();

    @Min(value = 1_000, message = "is ${validatedValue}; allowed is 1000 to 67108864")
    @Max(value = 64 << 20, message = "is ${validatedValue}; allowed is 1000 to 67108864")
    @JsonProperty
    private int maxBodyBytes = 4 << 20;

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }

    public List<String> getTokens() {
        return tokens;
    }

    public void setTokens(List<String> tokens) {
        this.tokens = tokens;
    }

    public List<SenderFactory> getSenders() {
        return senders;
    }

    public void setSenders(List<SenderFactory> senders) {
        this.senders = senders;
    }

    public int getMaxBodyBytes() {
        return maxBodyBytes;
    }

    public void setMaxBodyBytes(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    @ValidationMethod(
            message = "eventStream.publish.tokens has a token that is not allowed; allowed are 16 characters or more of"
                    + " letters, digits and -._~+/, with = at the end only")
    public boolean isEveryTokenUsable() {
        return tokens == null || tokens.stream().allMatch(token -> token != null && Secrets.isBearerToken(token));
    }

    @ValidationMethod(
            message = "eventStream.publish has neither tokens nor senders, so nobody could send; set one of them")
    public boolean isAnyoneAllowed() {
        return tokens == null || senders == null || !tokens.isEmpty() || !senders.isEmpty();
    }

    @ValidationMethod(message = "eventStream.publish.tokens has the same token twice")
    public boolean isEveryTokenAnother() {
        return tokens == null || new HashSet<>(tokens).size() == tokens.size();
    }

    /**
     * Makes the resource that accepts the posts.
     *
     * @param linePosts runs posts of lines; refuses those that are too many
     * @throws IllegalArgumentException if a token is published in an example, two programs have the same token or name, or the
     *     limits do not allow the longest body
     */
    public PublishResource build(
            EventPublisher publisher,
            LimitsFactory limits,
            CrossSiteCheck sites,
            MetricRegistry registry,
            Executor linePosts) {
        limits.checkLongestBody(maxBodyBytes);
        return new PublishResource(
                publisher,
                new PublishAccess(new PublishTokens(limits).build(tokens, senders), registry),
                sites,
                maxBodyBytes,
                linePosts);
    }

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
    public static final class SenderFactory {
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
                message =
                        "eventStream.publish.senders has an entry without a usable name; allowed are 1 to 100 letters,"
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
                message =
                        "eventStream.publish.senders has a sha256 that is not allowed; allowed are 64 hexadecimal digits,"
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
}
