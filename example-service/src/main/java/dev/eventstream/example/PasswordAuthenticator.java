package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.auth.Authenticator;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.auth.basic.BasicCredentials;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/** Checks passwords against the users of {@code config.yml}. Immutable. */
final class PasswordAuthenticator implements Authenticator<BasicCredentials, PrincipalImpl> {
    private final Map<String, String> passwords;

    PasswordAuthenticator(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    @Override
    public Optional<PrincipalImpl> authenticate(BasicCredentials credentials) {
        return Optional.ofNullable(passwords.get(credentials.getUsername()))
                .filter(password -> isSame(password, credentials.getPassword()))
                .map(password -> new PrincipalImpl(credentials.getUsername()));
    }

    // compares in constant time
    private static boolean isSame(String password, String given) {
        return MessageDigest.isEqual(password.getBytes(UTF_8), given.getBytes(UTF_8));
    }
}
