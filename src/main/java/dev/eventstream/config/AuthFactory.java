package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Set;

/**
 * How readers show who they are, beside the {@code Authorization} header; {@code eventStream.auth}.
 *
 * <ul>
 *   <li>{@code accessTokenParameter}: whether a bearer token may stand in the address as {@code access_token}, for an
 *       EventSource cannot set headers. Addresses end up in logs. Default false: such a request gets 401.
 *   <li>{@code cookies}: names of the cookies that the application's auth filter reads. A request with one of them that
 *       the filter does not accept gets 401; without any it is anonymous. Default none.
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
