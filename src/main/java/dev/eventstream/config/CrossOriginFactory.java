package dev.eventstream.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.http.CrossSiteCheck;
import dev.eventstream.http.StreamPaths;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;

/**
 * Lets pages of other origins read the streams (CORS); {@code eventStream.cors}. Left out, none can. It applies only to the
 * addresses of {@code eventStream.routes}.
 *
 * <ul>
 *   <li>{@code allowedOrigins}: origins such as {@code https://app.example.com}, or {@code "*"} alone for all; at least one.
 *   <li>{@code allowCredentials}: lets such a page send cookies and HTTP authentication; default false, and not allowed
 *       with {@code "*"}.
 *   <li>{@code allowedHeaders}: request headers beyond the safelisted ones; default {@code Authorization},
 *       {@code Last-Event-ID}, {@code Cache-Control}.
 *   <li>{@code maxAge}: how long a browser may cache the answer to a preflight; up to 1 day, default 1 hour.
 * </ul>
 */
public final class CrossOriginFactory {
    private static final String ALL = "*";
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#*\\s]+");

    @NotEmpty
    @JsonProperty
    private Set<String> allowedOrigins = Set.of();

    @JsonProperty
    private boolean allowCredentials;

    @NotNull
    @JsonProperty
    private Set<@NotEmpty String> allowedHeaders = Set.of("Authorization", "Last-Event-ID", "Cache-Control");

    @NotNull
    @MinDuration(value = 0, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 0s to 1d")
    @MaxDuration(value = 1, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 0s to 1d")
    @JsonProperty
    private Duration maxAge = Duration.hours(1);

    public Set<String> getAllowedOrigins() {
        return allowedOrigins;
    }

    public void setAllowedOrigins(Set<String> allowedOrigins) {
        this.allowedOrigins = allowedOrigins;
    }

    public boolean isAllowCredentials() {
        return allowCredentials;
    }

    public void setAllowCredentials(boolean allowCredentials) {
        this.allowCredentials = allowCredentials;
    }

    public Set<String> getAllowedHeaders() {
        return allowedHeaders;
    }

    public void setAllowedHeaders(Set<String> allowedHeaders) {
        this.allowedHeaders = allowedHeaders;
    }

    public Duration getMaxAge() {
        return maxAge;
    }

    public void setMaxAge(Duration maxAge) {
        this.maxAge = maxAge;
    }

    @ValidationMethod(
            message = "eventStream.cors.allowedOrigins has an entry that is neither \"*\" alone nor like"
                    + " https://app.example.com")
    public boolean isEveryOriginAnOrigin() {
        return allowedOrigins == null
                || allowedOrigins.equals(Set.of(ALL))
                || allowedOrigins.stream()
                        .allMatch(origin ->
                                origin != null && ORIGIN.matcher(origin).matches());
    }

    @ValidationMethod(
            message = "eventStream.cors.allowCredentials is true, which is not allowed with allowedOrigins \"*\"")
    public boolean isCredentialsOnlyForNamedOrigins() {
        return !allowCredentials || allowedOrigins == null || !allowedOrigins.contains(ALL);
    }

    /** Makes the check that refuses requests with credentials from pages of other origins. */
    CrossSiteCheck buildCheck(MetricRegistry registry) {
        return new CrossSiteCheck(allowedOrigins, allowCredentials, registry);
    }

    /**
     * Makes the handler that answers preflight requests for streams and adds the CORS headers to streams.
     */
    public Handler.Singleton build(StreamPaths streams) {
        RouteCrossOriginHandler handler = new RouteCrossOriginHandler(streams);
        handler.setAllowedOriginPatterns(allowedOrigins.stream()
                .map(origin -> origin.equals(ALL) ? ALL : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowCredentials(allowCredentials);
        handler.setAllowedHeaders(allowedHeaders);
        handler.setExposedHeaders(Set.of(HttpHeaders.RETRY_AFTER));
        handler.setAllowedMethods(Set.of("GET", "HEAD"));
        handler.setPreflightMaxAge(maxAge.toJavaDuration());
        handler.setDeliverNonAllowedOriginRequests(true);
        return handler;
    }
}
