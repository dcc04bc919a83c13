package dev.eventstream.testing;

import dev.eventstream.channel.Reader;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Signs in any principal that a test names, with a token that only the test's readers have. Thread-safe. */
final class SignedIn {
    private final Map<String, Principal> principals = new ConcurrentHashMap<>();

    AuthFilter<?, Principal> filter() {
        return new OAuthCredentialAuthFilter.Builder<Principal>()
                .setAuthenticator(token -> Optional.ofNullable(principals.get(token)))
                .setPrefix("Bearer")
                .buildAuthFilter();
    }

    /** The headers with which a request comes from that reader. */
    List<String> headers(Reader reader) {
        return reader.principal()
                .map(principal -> List.of("Authorization", "Bearer " + token(principal)))
                .orElse(List.of());
    }

    private String token(Principal principal) {
        String token = UUID.randomUUID().toString();
        principals.put(token, principal);
        return token;
    }
}
