package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.http.PublishResource;
import dev.eventstream.publisher.EventPublisher;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lets other programs send events by {@code POST}; {@code eventStream.publish}. Left out, none can.
 *
 * <ul>
 *   <li>{@code path}: the address of the posts; default {@code /events}.
 *   <li>{@code tokens}: bearer tokens of {@value #MIN_TOKEN_LENGTH} characters or more, each of which allows a program to send
 *       to every channel; at least one.
 *   <li>{@code maxBodyBytes}: longest body; 1 kB to 64 MiB, default 4 MiB.
 * </ul>
 */
public final class PublishFactory {
    /** Shortest token, in characters. */
    static final int MIN_TOKEN_LENGTH = 16;

    // the characters of a bearer token (RFC 6750, 2.1)
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @NotNull
    @JsonProperty
    private String path = "/events";

    // accepts one token without a list; otherwise Jackson would quote it in its error
    @NotEmpty
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
    @JsonProperty
    private List<String> tokens = List.of();

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
        return tokens == null
                || tokens.stream()
                        .allMatch(token -> token != null
                                && token.length() >= MIN_TOKEN_LENGTH
                                && TOKEN.matcher(token).matches());
    }

    @ValidationMethod(message = "eventStream.publish.tokens has the same token twice")
    public boolean isEveryTokenAnother() {
        return tokens == null || new HashSet<>(tokens).size() == tokens.size();
    }

    /**
     * Makes the resource that accepts the posts.
     *
     * @throws IllegalArgumentException if a token is published in an example
     */
    public PublishResource build(EventPublisher publisher) {
        if (tokens.stream().anyMatch(Secrets::isPublished)) {
            throw new IllegalArgumentException("eventStream.publish.tokens has the token of a published example;"
                    + " make one with openssl rand -hex 24");
        }
        tokens.forEach(token -> Secrets.warnIfShort("eventStream.publish.tokens", token));
        return new PublishResource(publisher, tokens, maxBodyBytes);
    }
}
