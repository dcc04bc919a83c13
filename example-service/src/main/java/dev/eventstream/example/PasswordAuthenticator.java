package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.auth.Authenticator;
import io.dropwizard.auth.basic.BasicCredentials;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks passwords against the users of {@code config.yml}. Immutable. */
final class PasswordAuthenticator implements Authenticator<BasicCredentials, User> {
    private final Map<String, String> passwords;

    PasswordAuthenticator(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    @Override
    public Optional<User> authenticate(BasicCredentials credentials) {
        return Optional.ofNullable(passwords.get(credentials.getUsername()))
                .filter(password -> isSame(password, credentials.getPassword()))
                .map(password -> new User(credentials.getUsername(), Instant.MAX));
    }

    boolean knows(String user) {
        return passwords.containsKey(user);
    }

    /** All users, sorted by name. */
    List<String> users() {
        return passwords.keySet().stream().sorted().toList();
    }

    /** Whether users and passwords are these and no others. */
    boolean areExactly(Map<String, String> accounts) {
        return passwords.equals(accounts);
    }

    // compares in constant time
    private static boolean isSame(String password, String given) {
        return MessageDigest.isEqual(password.getBytes(UTF_8), given.getBytes(UTF_8));
    }
}
