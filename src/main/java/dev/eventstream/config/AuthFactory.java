package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Set;

/**
 * Where readers may send credentials, besides the {@code Authorization} header; {@code eventStream.auth}.
 *
 * <ul>
 *   <li>{@code accessTokenParameter}: allows a bearer token in the address as {@code access_token}, because an EventSource
 *       cannot set headers. Addresses end up in logs. Default false: such a request gets 401.
 *   <li>{@code cookies}: names of the cookies that the application's auth filter reads. A request with one of them that the
 *       filter rejects gets 401; a request without credentials is anonymous. Default none.
 *   <li>{@code headers}: names of headers with credentials. A request with one of them that the filter does not accept gets 401.
 *       Default {@code X-Api-Key}. {@code Authorization} always counts.
 * </ul>
 */
public final class AuthFactory {
    @JsonProperty
    private boolean accessTokenParameter;

    @NotNull
    @JsonProperty
    private Set<@NotEmpty String> cookies = Set.of();

    @NotNull
    @JsonProperty
    private Set<
                    @Pattern(regexp = "[A-Za-z0-9-]+", message = "is \"${validatedValue}\"; allowed are header names")
                    String>
            headers = Set.of("X-Api-Key");

    public boolean isAccessTokenParameter() {
        return accessTokenParameter;
    }

    public void setAccessTokenParameter(boolean accessTokenParameter) {
        this.accessTokenParameter = accessTokenParameter;
    }

    public Set<String> getCookies() {
        return cookies;
    }

    public void setCookies(Set<String> cookies) {
        this.cookies = cookies;
    }

    public Set<String> getHeaders() {
        return headers;
    }

    public void setHeaders(Set<String> headers) {
        this.headers = headers;
    }
}
