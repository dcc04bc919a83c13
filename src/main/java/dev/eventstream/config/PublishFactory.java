package dev.eventstream.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.http.CrossSiteCheck;
import dev.eventstream.http.PublishAccess;
import dev.eventstream.http.PublishResource;
import dev.eventstream.publisher.EventPublisher;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
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
 *   <li>{@code maxBodyBytes}: the longest JSON body, and the longest line of a post of lines; 1 kB to 64 MiB, default 4 MiB.
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
    private List<@NotNull PublishSenderFactory> senders = List.of();

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

    public List<PublishSenderFactory> getSenders() {
        return senders;
    }

    public void setSenders(List<PublishSenderFactory> senders) {
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

    /** The secrets that are shorter than they should be, by YAML key, with their lengths in bytes. */
    public Map<String, Integer> shortSecrets() {
        Map<String, Integer> found = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            addIfShort("eventStream.publish.tokens[" + i + "]", tokens.get(i), found);
        }
        for (int i = 0; i < senders.size(); i++) {
            addIfShort(
                    "eventStream.publish.senders[" + i + "].token",
                    senders.get(i).getToken(),
                    found);
        }
        return found;
    }

    private static void addIfShort(String key, @Nullable String secret, Map<String, Integer> found) {
        int bytes = secret == null ? Integer.MAX_VALUE : secret.getBytes(StandardCharsets.UTF_8).length;
        if (Secrets.isShort(bytes)) {
            found.put(key, bytes);
        }
    }

    /**
     * Checks what the single values do not tell: the tokens, and the length of a body against the limits.
     *
     * @throws IllegalArgumentException if one is not allowed, such as a published token; the message shows no token
     */
    public void check(LimitsFactory limits) {
        limits.checkLongestBody(maxBodyBytes);
        new PublishTokens(limits).build(tokens, senders);
    }

    /**
     * Makes the resource that accepts the posts.
     *
     * @param linePosts runs posts of lines, and refuses them beyond a limit
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
}
