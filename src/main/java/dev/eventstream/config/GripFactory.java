package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Ticker;
import dev.eventstream.channel.PlainText;
import dev.eventstream.grip.GripSigVerifier;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.grip.key.VerifyKey;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.OneOf;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * GRIP proxies in front, which hold the streams instead of this JVM; {@code eventStream.grip}. Without this block there are none.
 *
 * <ul>
 *   <li>{@code proxies}: the proxies; at least one.
 *   <li>{@code unsigned}: the answer to a request without {@code Grip-Sig}: {@code serve}, a direct stream, which is the
 *       default, or {@code refuse}, 403.
 *   <li>{@code linkSecrets}: secrets that sign the links by which proxies ask for missed events; {@value #MIN_SECRET_LENGTH}
 *       characters or more each. The first signs, all verify. Required, and the same on all nodes.
 *   <li>{@code linkTimeoutMin}, {@code linkTimeoutMax}: a proxy asks for missed events of a quiet stream after a time between
 *       these two; 1 second to 30 minutes, default 20 seconds and 10 minutes.
 *   <li>{@code linkLifetime}: how long a link stays valid; 1 hour to 30 days, default 24 hours.
 *   <li>{@code nextPath}: the path at which proxies ask; default {@code /events/_next}.
 *   <li>{@code maxSubscriptions}: channels of one stream, including the reader's own; 1 to 1,000, default 20, which is Pushpin's
 *       limit.
 * </ul>
 */
public final class GripFactory {
    /** Shortest secret, in characters. */
    static final int MIN_SECRET_LENGTH = 32;

    private static final String KEY = "eventStream.grip.";
    private static final String SERVE = "serve";
    private static final String REFUSE = "refuse";

    @Valid
    @NotEmpty
    @JsonProperty
    private List<@NotNull ProxyFactory> proxies = List.of();

    @NotNull
    @OneOf(
            value = {SERVE, REFUSE},
            message = "is ${validatedValue}; allowed are serve and refuse")
    @JsonProperty
    private String unsigned = SERVE;

    // a single secret may be given without a list; Jackson's error about it would quote the secret
    @NotEmpty
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
    @JsonProperty
    private List<String> linkSecrets = List.of();

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 30m")
    @MaxDuration(value = 30, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1s to 30m")
    @JsonProperty
    private Duration linkTimeoutMin = Duration.seconds(20);

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 30m")
    @MaxDuration(value = 30, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1s to 30m")
    @JsonProperty
    private Duration linkTimeoutMax = Duration.minutes(10);

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 1h to 30d")
    @MaxDuration(value = 30, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1h to 30d")
    @JsonProperty
    private Duration linkLifetime = Duration.hours(24);

    @NotNull
    @JsonProperty
    private String nextPath = "/events/_next";

    // Pushpin's connection_subscription_max; it ignores channels beyond that, and mentions it only in its log
    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000")
    @Max(value = 1_000, message = "is ${validatedValue}; allowed is 1 to 1000")
    @JsonProperty
    private int maxSubscriptions = 20;

    public List<ProxyFactory> getProxies() {
        return proxies;
    }

    public void setProxies(List<ProxyFactory> proxies) {
        this.proxies = proxies;
    }

    public String getUnsigned() {
        return unsigned;
    }

    public void setUnsigned(String unsigned) {
        this.unsigned = unsigned;
    }

    /** Whether a request without {@code Grip-Sig} gets 403 instead of a direct stream. */
    public boolean refusesUnsigned() {
        return unsigned.equals(REFUSE);
    }

    public List<String> getLinkSecrets() {
        return linkSecrets;
    }

    public void setLinkSecrets(List<String> linkSecrets) {
        this.linkSecrets = linkSecrets;
    }

    public Duration getLinkTimeoutMin() {
        return linkTimeoutMin;
    }

    public void setLinkTimeoutMin(Duration linkTimeoutMin) {
        this.linkTimeoutMin = linkTimeoutMin;
    }

    public Duration getLinkTimeoutMax() {
        return linkTimeoutMax;
    }

    public void setLinkTimeoutMax(Duration linkTimeoutMax) {
        this.linkTimeoutMax = linkTimeoutMax;
    }

    public Duration getLinkLifetime() {
        return linkLifetime;
    }

    public void setLinkLifetime(Duration linkLifetime) {
        this.linkLifetime = linkLifetime;
    }

    public String getNextPath() {
        return nextPath;
    }

    public void setNextPath(String nextPath) {
        this.nextPath = nextPath;
    }

    public int getMaxSubscriptions() {
        return maxSubscriptions;
    }

    public void setMaxSubscriptions(int maxSubscriptions) {
        this.maxSubscriptions = maxSubscriptions;
    }

    @ValidationMethod(
            message = "eventStream.grip.linkSecrets has a secret that is too short; allowed are 32 characters or more")
    public boolean isEverySecretLongEnough() {
        return linkSecrets == null
                || linkSecrets.stream().allMatch(secret -> secret != null && secret.length() >= MIN_SECRET_LENGTH);
    }

    @ValidationMethod(message = "eventStream.grip.linkSecrets has the same secret twice")
    public boolean isEverySecretAnother() {
        return linkSecrets == null || new HashSet<>(linkSecrets).size() == linkSecrets.size();
    }

    /**
     * Builds the proxies, in the order of the list. Opens nothing.
     *
     * @throws IllegalArgumentException if a value is not allowed, or two values contradict each other; the message begins with
     *     the key and quotes no secret
     */
    public List<GripProxy> buildProxies(Clock clock) {
        checkRest();
        List<GripProxy> built = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ProxyFactory proxy : proxies) {
            String key = KEY + "proxies[" + built.size() + "].";
            GripProxy one = build(key, proxy, clock);
            if (!names.add(one.name())) {
                throw new IllegalArgumentException(key + "name is " + PlainText.quote(one.name())
                        + ", which another proxy has too; give each a different name");
            }
            built.add(one);
        }
        return List.copyOf(built);
    }

    /**
     * The secrets that are shorter than they should be, by YAML key, with their lengths in bytes.
     *
     * @throws IllegalArgumentException as {@link #buildProxies}
     */
    public Map<String, Integer> shortSecrets(Clock clock) {
        Map<String, Integer> found = new LinkedHashMap<>();
        for (GripProxy proxy : buildProxies(clock)) {
            VerifyKey key = proxy.trusted().key();
            if (key != null && key.isShared() && Secrets.isShort(key.key().getEncoded().length)) {
                found.put(proxy.lane().configuredAt() + ".verifyKey", key.key().getEncoded().length);
            }
        }
        return found;
    }

    private static GripProxy build(String key, ProxyFactory proxy, Clock clock) {
        try {
            return new ProxyReader(proxy, clock).read().at(key.substring(0, key.length() - 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + e.getMessage(), e);
        }
    }

    private void checkRest() {
        if (linkSecrets.stream().anyMatch(Secrets::isPublished)) {
            throw new IllegalArgumentException(
                    KEY + "linkSecrets has the secret of an example, which is published; make one with"
                            + " openssl rand -hex 24");
        }
        if (linkTimeoutMin.toNanoseconds() > linkTimeoutMax.toNanoseconds()) {
            throw new IllegalArgumentException(KEY + "linkTimeoutMin is " + linkTimeoutMin + " and " + KEY
                    + "linkTimeoutMax is " + linkTimeoutMax + "; linkTimeoutMin must not be longer");
        } else if (!nextPath.startsWith("/") || nextPath.endsWith("/") || nextPath.indexOf('{') >= 0) {
            throw new IllegalArgumentException(KEY + "nextPath is " + PlainText.quote(nextPath)
                    + "; allowed is a path that begins with '/', does not end with it and has no '{'");
        }
    }

    /** Builds what signs and reads the links by which proxies ask for missed events. */
    public NextLinks buildLinks(Clock clock) {
        return new NextLinks(linkSecrets, linkLifetime.toJavaDuration(), clock);
    }

    /** Builds the budget that limits how often a proxy asks. */
    public LinkBudget buildLinkBudget(LimitsFactory limits) {
        java.time.Duration longest = linkTimeoutMax.toJavaDuration();
        return new LinkBudget(
                linkTimeoutMin.toJavaDuration(), longest, limits.buildShares(longest), Ticker.systemTicker());
    }

    /** Builds what recognises requests of these proxies. */
    public static GripSigVerifier buildGripSigVerifier(List<GripProxy> proxies, Clock clock) {
        return new GripSigVerifier(proxies.stream().map(GripProxy::trusted).toList(), clock);
    }
}
