package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Who has signed in, on any node. A browser keeps a random token; the table has only its SHA-256, so nobody can sign in with what the
 * table contains. Thread-safe.
 */
final class Sessions {
    /** How long a user stays signed in. */
    static final Duration LIFETIME = Duration.ofHours(8);

    private final Jdbi jdbi;
    private final Clock clock;

    Sessions(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Begins a session, and returns its token. Removes those that have expired. */
    String begin(String user) {
        Instant now = clock.instant();
        String token = UUID.randomUUID().toString(); // from a SecureRandom
        jdbi.useTransaction(handle -> {
            handle.createUpdate("delete from chat_session where expires_at <= :now")
                    .bind("now", now.toEpochMilli())
                    .execute();
            handle.createUpdate(
                            "insert into chat_session (token_hash, user_name, expires_at) values (:hash, :user, :expires)")
                    .bind("hash", hash(token))
                    .bind("user", user)
                    .bind("expires", now.plus(LIFETIME).toEpochMilli())
                    .execute();
        });
        return token;
    }

    /** The user of a token, unless it is unknown or has expired. */
    Optional<User> user(String token) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select user_name, expires_at from chat_session where token_hash = :hash and expires_at > :now")
                .bind("hash", hash(token))
                .bind("now", clock.instant().toEpochMilli())
                .map((row, context) ->
                        new User(row.getString("user_name"), Instant.ofEpochMilli(row.getLong("expires_at"))))
                .findOne());
    }

    /** Ends a session; nothing happens if there is none. */
    void end(String token) {
        jdbi.useHandle(handle -> handle.createUpdate("delete from chat_session where token_hash = :hash")
                .bind("hash", hash(token))
                .execute());
    }

    private static String hash(String token) {
        return Hashing.sha256().hashString(token, UTF_8).toString();
    }
}
