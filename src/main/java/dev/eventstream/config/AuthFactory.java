package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Set;

/**
 * Where readers may send credentials, besides the {@code Authorization} header; {@code eventStream.auth}.
 *
 * <ul>
 *   <li>{@code accessTokenParameter}: allows a bearer token in the address as {@code access_token}, because an EventSource
 *       cannot set headers. Addresses end up in logs. Default false: such a request gets 401.
 *   <li>{@code cookies}: names of the cookies that the application's auth filter reads. A request with one of them that the
 *       filter rejects gets 401; a request without credentials is anonymous. Default none.
 * </ul>
 */
public final class AuthFactory {
    @JsonProperty
    private boolean accessTokenParameter;

    @NotNull
    @JsonProperty
    private Set<@NotEmpty String> cookies = Set.of();

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
}
