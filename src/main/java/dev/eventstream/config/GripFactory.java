package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Ticker;
import dev.eventstream.channel.PlainText;
import dev.eventstream.grip.GripSigVerifier;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLinks;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * GRIP proxies in front, which hold the streams instead of this JVM; {@code eventStream.grip}. Left out, there are none.
 *
 * <ul>
 *   <li>{@code proxies}: the proxies; at least one.
 *   <li>{@code unsigned}: what a request without {@code Grip-Sig} gets: {@code serve}, a direct stream, which is the default, or
 *       {@code refuse}, 403.
 *   <li>{@code linkSecrets}: what the links are signed with over which proxies ask for missed events; {@value #MIN_SECRET_LENGTH}
 *       characters or more each. The first signs, all verify. Required, and the same on all nodes.
 *   <li>{@code linkTimeoutMin}, {@code linkTimeoutMax}: a proxy asks for missed events of a quiet stream after a time between
 *       these two; 1 second to 30 minutes, default 20 seconds and 10 minutes.
 *   <li>{@code linkLifetime}: how long a link is good for; 1 hour to 30 days, default 24 hours.
 *   <li>{@code nextPath}: where proxies ask; default {@code /events/_next}.
 *   <li>{@code maxSubscriptions}: channels of one stream, a signed-in user's own included; 1 to 1,000, default 20, which is
 *       what Pushpin allows.
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

    // one secret need not stand in a list; and Jackson would quote it in the error otherwise
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

    // Pushpin's connection_subscription_max; it ignores those beyond it and says so only in its log
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

    /** Whether a request without {@code Grip-Sig} gets 403, and no direct stream. */
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
     * The proxies, in the order in which they stand. Opens nothing.
     *
     * @throws IllegalArgumentException if something in this block is not allowed or does not go together; the message begins
     *     with the key and quotes no secret
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
                        + " as another proxy's; give each one of its own");
            }
            built.add(one);
        }
        return List.copyOf(built);
    }

    private static GripProxy build(String key, ProxyFactory proxy, Clock clock) {
        try {
            return proxy.build(clock).at(key.substring(0, key.length() - 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + e.getMessage(), e);
        }
    }

    private void checkRest() {
        if (linkSecrets.stream().anyMatch(Secrets::isPublished)) {
            throw new IllegalArgumentException(
                    KEY + "linkSecrets has the secret of an example, which everybody can read; make"
                            + " one with openssl rand -hex 24");
        }
        if (linkTimeoutMin.toNanoseconds() > linkTimeoutMax.toNanoseconds()) {
            throw new IllegalArgumentException(KEY + "linkTimeoutMin is " + linkTimeoutMin + " and " + KEY
                    + "linkTimeoutMax is " + linkTimeoutMax + "; linkTimeoutMin must not be longer");
        } else if (!nextPath.startsWith("/") || nextPath.endsWith("/") || nextPath.indexOf('{') >= 0) {
            throw new IllegalArgumentException(KEY + "nextPath is " + PlainText.quote(nextPath)
                    + "; allowed is a path that begins with '/', does not end with it and has no '{'");
        }
    }

    /** What signs the links over which proxies ask for missed events, and reads them. */
    public NextLinks buildLinks(Clock clock) {
        return new NextLinks(linkSecrets, linkLifetime.toJavaDuration(), clock);
    }

    /** What says how often a proxy may ask. */
    public LinkBudget buildLinkBudget() {
        return new LinkBudget(linkTimeoutMin.toJavaDuration(), linkTimeoutMax.toJavaDuration(), Ticker.systemTicker());
    }

    /** What recognises requests of these proxies. */
    public static GripSigVerifier buildGripSigVerifier(List<GripProxy> proxies, Clock clock) {
        return new GripSigVerifier(proxies.stream().map(GripProxy::trusted).toList(), clock);
    }
}
